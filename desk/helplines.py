"""Whom a child in care can ring, free of charge, whoever their council is.

Only numbers found in print: Coram Voice's Always Heard (England) on its own pages (coramvoice.org.uk) and on Brent
Council's page on advocacy; Meic (Wales) and Childline in the Welsh Government's "Five ways to help children and young
people stay safe". Looked up in November 2026, in stored copies of those pages: ring them before you rely on them. An
authority's own services stand in its policy, `[post] advocate` and `complaints`.
"""

from rules.directory import Contact
from rules.vocabulary import Frozen, Nation


class Helpline(Frozen):
    """Somebody to ring."""

    name: str
    phone: Contact


CHILDLINE = Helpline(name="Childline", phone="0800 1111")

ADVOCACY = {
    Nation.ENGLAND: Helpline(name="Coram Voice", phone="0808 800 5792"),
    Nation.WALES: Helpline(name="Meic", phone="080880 23456"),
}
"""Who finds an advocate for a child."""
