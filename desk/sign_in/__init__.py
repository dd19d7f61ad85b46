"""Signing in and out: by the authority's own provider, or on this machine as one of the made-up people."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.doors import SignedIn, TheDesk, cookie_name
from desk.parts import Desk
from desk.security import Tries
from desk.sign_in.chooser import chooser
from desk.sign_in.oidc import by_provider
from desk.sign_in.provider import Provider
from desk.sign_in.session import farewell, onward, without_session
from desk.templating import render

SIGNED_OUT = "/signed-out"


def doors_for(desk: Desk, tries: Tries) -> APIRouter:
    """The pages that let people in and out.

    Args:
        desk: says how people sign in.
        tries: counts those from one address.
    """
    provider = Provider(desk.desk.oidc) if desk.desk.oidc else None
    router = APIRouter()
    router.include_router(by_provider(provider, tries) if provider else chooser(tries))

    @router.post("/sign-out")
    async def sign_out(request: Request, desk: TheDesk, viewer: SignedIn) -> Response:
        """Sign out, here first and then at the provider."""
        await run_in_threadpool(farewell, desk, request.cookies.get(cookie_name(desk)), viewer)
        request.state.viewer = None
        there = await provider.farewell(desk.desk.url + SIGNED_OUT) if provider else None
        if there is None:
            return without_session(RedirectResponse(SIGNED_OUT, status_code=303), desk)
        words = "Sign out of your council account, too"
        return without_session(onward(request, there, "You are signed out here", words), desk)

    @router.get(SIGNED_OUT)
    def signed_out(request: Request) -> HTMLResponse:
        """Say that they are signed out."""
        return render(
            request,
            "message.html",
            title="You are signed out",
            sentences=["On a computer that others use, close the browser too."],
            link=("/sign-in", "Sign in again"),
        )

    return router
