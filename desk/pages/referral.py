"""A referral to Cafcass as a document, for the IRO to send."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from client.referral import NoReferral, referral_pdf
from desk.access import Page
from desk.doors import Child, MayForChild, NotTheirs, TheDesk
from rules.vocabulary import Reference

router = APIRouter()


@router.get("/children/{episode}/referrals/{referral}.pdf")
def referral_document(
    desk: TheDesk,
    child: Annotated[Child, Depends(MayForChild(Page.REFERRAL))],
    referral: Annotated[Reference, Path()],
) -> Response:
    """Give it, to be kept as a file."""
    try:
        document = referral_pdf(desk.register, desk.policy.post, child.line.id, referral, desk.today)
    except NoReferral:
        raise NotTheirs(404) from None
    # The name of the file says nothing of the child.
    headers = {"Content-Disposition": 'attachment; filename="referral-to-cafcass.pdf"'}
    return Response(document, media_type="application/pdf", headers=headers)
