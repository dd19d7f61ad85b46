"""The codes of the SSDA903 return that a case is told in, each with its words (practice notes 7.2 to 7.4)."""

from enum import StrEnum


class ParticipationCode(StrEnum):
    """How the child took part in the review (SSDA903 REVIEW_CODE)."""

    PN0 = "PN0"
    PN1 = "PN1"
    PN2 = "PN2"
    PN3 = "PN3"
    PN4 = "PN4"
    PN5 = "PN5"
    PN6 = "PN6"
    PN7 = "PN7"


class LegalStatus(StrEnum):
    """SSDA903 LS."""

    C1 = "C1"
    C2 = "C2"
    D1 = "D1"
    E1 = "E1"
    V2 = "V2"
    V3 = "V3"
    V4 = "V4"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    J1 = "J1"
    J2 = "J2"
    J3 = "J3"

    @property
    def words(self) -> str:
        """The status in words."""
        return _LEGAL_STATUSES[self]

    @property
    def is_short_break(self) -> bool:
        """A series of short breaks (CPPCR reg 48): V3 or V4."""
        return self in (LegalStatus.V3, LegalStatus.V4)

    @property
    def is_in_care(self) -> bool:
        """In care under an order (CA89 s.22(1)(a)), rather than accommodated."""
        return self in (LegalStatus.C1, LegalStatus.C2, LegalStatus.D1, LegalStatus.E1)

    @property
    def is_remand_or_police(self) -> bool:
        """Accommodated under CA89 s.21(2)(b) or (c): police protection, PACE or remand."""
        return self in (LegalStatus.L1, LegalStatus.J1, LegalStatus.J2)


_LEGAL_STATUSES = {
    LegalStatus.C1: "interim care order",
    LegalStatus.C2: "full care order",
    LegalStatus.D1: "freeing order",
    LegalStatus.E1: "placement order",
    LegalStatus.V2: "accommodated under section 20 (in Wales, section 76), a single period",
    LegalStatus.V3: "series of short breaks, each recorded by itself",
    LegalStatus.V4: "series of short breaks, recorded as an agreement",
    LegalStatus.L1: "police protection, in the authority's accommodation",
    LegalStatus.L2: "emergency protection order",
    LegalStatus.L3: "child assessment order, in the authority's accommodation",
    LegalStatus.J1: "on remand, to the authority's accommodation or to youth detention",
    LegalStatus.J2: "detained by the police under PACE, in the authority's accommodation",
    LegalStatus.J3: "youth rehabilitation order with residence or intensive fostering",
}


class EndReason(StrEnum):
    """SSDA903 REC: why the period of care ceased. X1 is not among them: it ends a 903 episode, not the care."""

    E11 = "E11"
    E12 = "E12"
    E13 = "E13"
    E14 = "E14"
    E15 = "E15"
    E16 = "E16"
    E17 = "E17"
    E2 = "E2"
    E3 = "E3"
    E41 = "E41"
    E45 = "E45"
    E46 = "E46"
    E47 = "E47"
    E48 = "E48"
    E4A = "E4A"
    E4B = "E4B"
    E5 = "E5"
    E6 = "E6"
    E7 = "E7"
    E8 = "E8"
    E9 = "E9"

    @property
    def words(self) -> str:
        """The reason in words."""
        return _END_REASONS[self]

    @property
    def is_death(self) -> bool:
        """After a death every routine notice stops."""
        return self is EndReason.E2


_END_REASONS = {
    EndReason.E11: "adopted, application unopposed",
    EndReason.E12: "adopted, consent dispensed with",
    EndReason.E13: "left to live with parents, relatives or others without parental responsibility",
    EndReason.E14: "accommodation on remand ended",
    EndReason.E15: "age assessed as 18 or over",
    EndReason.E16: "moved abroad",
    EndReason.E17: "aged 18 or over and stayed with the carers",
    EndReason.E2: "died",
    EndReason.E3: "care taken over by another authority",
    EndReason.E41: "child arrangements or residence order",
    EndReason.E45: "special guardianship: former foster carer, relative or friend",
    EndReason.E46: "special guardianship: former foster carer, other",
    EndReason.E47: "special guardianship: other carer, relative or friend",
    EndReason.E48: "special guardianship: other carer",
    EndReason.E4A: "returned home, planned",
    EndReason.E4B: "returned home, unplanned",
    EndReason.E5: "independent living with formal support",
    EndReason.E6: "independent living without formal support",
    EndReason.E7: "moved to adult residential care",
    EndReason.E8: "ceased for another reason",
    EndReason.E9: "sentenced to custody",
}
