"""The pages, one file a subject. Each router stands in `ROUTERS`."""

from fastapi import APIRouter

from desk.pages import (
    allocation,
    audit,
    caseloads,
    challenges,
    child,
    children,
    corrections,
    digest,
    dispute,
    drafts,
    home,
    links,
    mail,
    operations,
    overdue,
    record,
    referral,
    steps,
    tasks,
    young_person,
)

ROUTERS: tuple[APIRouter, ...] = (
    home.router,
    tasks.router,
    children.router,
    child.router,
    steps.router,
    dispute.router,
    referral.router,
    record.router,
    corrections.router,
    drafts.router,
    links.router,
    allocation.router,
    caseloads.router,
    overdue.router,
    challenges.router,
    mail.router,
    digest.router,
    audit.router,
    operations.router,
    young_person.router,
)
