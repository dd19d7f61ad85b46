"""Words for the acts about the child's IRO: who it is, and who was told."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import APART, AROUND_THE_CHILD, KIN, VACANCY_REASONS, WAYS_TOLD, roles
from rules.vocabulary import Phase, Role

NO_NAMES = "Say no names."
TOLD_OF_IRO = roles(*(Role(each) for each in AROUND_THE_CHILD if each != Role.IRO))
GIVEN_POLICY = roles(Role.CHILD, Role.PARENTS, Role.CARER, Role.ADVOCATE, Role.OTHER)

_IRO = FieldWords(label="Which IRO", source=Source.IROS, none="The directory holds no IRO of your authority.")
_WAY = FieldWords(label="How they were told", choices=WAYS_TOLD)

WORDS: Mapping[str, ActWords] = {
    "kin_known": ActWords(
        title="Family who are looked after too",
        phase=Phase.ALLOCATION,
        done="The relation is recorded.",
        on="On which day this became known",
        fields={
            "kin": FieldWords(label="The other child's reference", hint="As the case system has it; never a name."),
            "relation": FieldWords(label="What the other is to this child", choices=KIN),
        },
    ),
    "siblings_kept_apart": ActWords(
        title="Siblings are to have different IROs",
        phase=Phase.ALLOCATION,
        done="This child need not share an IRO with the siblings.",
        on="On which day this was decided",
        fields={
            "ground": FieldWords(label="On which ground", choices=APART),
            "reason": FieldWords(label="Why", hint=NO_NAMES),
        },
    ),
    "needs_known": ActWords(
        title="What the child needs of an IRO",
        phase=Phase.ALLOCATION,
        done="What the child needs of an IRO is recorded.",
        on="On which day this became known",
        fields={
            "needs": FieldWords(
                label="Everything the child needs of an IRO",
                hint="One word each in small letters, with commas between, such as welsh, makaton. This replaces what"
                " was recorded before.",
            ),
        },
    ),
    "iro_appointed": ActWords(
        title="Appoint an IRO",
        phase=Phase.ALLOCATION,
        done="The IRO is appointed.",
        on="From which day",
        fields={
            "iro": _IRO,
            "reason": FieldWords(
                label="Why this IRO", hint=f"Needed where another was proposed. {NO_NAMES}", depends=True
            ),
            "over_capacity": FieldWords(label="Whether the IRO has more children than the limit", asked=False),
            "shares_with": FieldWords(label="Which siblings have the same IRO", asked=False),
        },
    ),
    "iro_conflict_declared": ActWords(
        title="An IRO has a conflict of interest",
        phase=Phase.ALLOCATION,
        done="The conflict of interest is recorded.",
        on="On which day it was declared",
        fields={"iro": _IRO, "reason": FieldWords(label="What the conflict is", hint=NO_NAMES)},
    ),
    "iro_change_asked": ActWords(
        title="The child asked for another IRO",
        phase=Phase.ALLOCATION,
        done="The child's wish for another IRO is recorded; the IRO manager owes an answer.",
        on="On which day the child asked",
        fields={"reason": FieldWords(label="What the child said", hint=NO_NAMES)},
    ),
    "iro_change_declined": ActWords(
        title="The child's IRO stays",
        phase=Phase.ALLOCATION,
        done="It is recorded that the IRO stays.",
        on="On which day the child was told",
        fields={
            "reason": FieldWords(
                label="Why, as the child was told", hint=f"The child reads it on their own page. {NO_NAMES}"
            )
        },
    ),
    "iro_handed_over": ActWords(
        title="The new IRO was introduced",
        phase=Phase.ALLOCATION,
        done="The handover is recorded.",
        on="On which day the outgoing IRO introduced the new one to the child",
    ),
    "iro_post_vacated": ActWords(
        title="The IRO gave the child up",
        phase=Phase.ALLOCATION,
        done="The vacancy is recorded; another IRO is owed to the child.",
        on="On which day",
        fields={"reason": FieldWords(label="Why", choices=VACANCY_REASONS, look=Look.SELECT)},
    ),
    "iro_cover_arranged": ActWords(
        title="Arrange cover for the IRO",
        phase=Phase.ALLOCATION,
        done="Cover is recorded; the named IRO remains the child's IRO.",
        on="From which day",
        fields={
            "cover": FieldWords(label="Who covers", source=Source.IROS, none=_IRO.none),
            "until": FieldWords(label="Until which day", hint="Leave this empty if it is not known yet."),
        },
    ),
    "iro_cover_ended": ActWords(
        title="The named IRO is back",
        phase=Phase.ALLOCATION,
        done="It is recorded that the named IRO is back.",
        on="From which day",
    ),
    "iro_made_known": ActWords(
        title="Who was told who the IRO is",
        phase=Phase.INFORMING,
        done="Who was told is recorded.",
        on="On which day they were told",
        fields={"recipient": FieldWords(label="Who was told", choices=TOLD_OF_IRO, look=Look.SELECT), "way": _WAY},
    ),
    "iro_not_made_known": ActWords(
        title="Who is not to be told who the IRO is",
        phase=Phase.INFORMING,
        done="Who is not to be told, and why, is recorded.",
        on="On which day this was decided",
        fields={
            "recipient": FieldWords(label="Who is not to be told", choices=TOLD_OF_IRO, look=Look.SELECT),
            "reason": FieldWords(label="Why they are not to be told", hint=NO_NAMES),
        },
    ),
    "reviewing_policy_given": ActWords(
        title="Who was given the policy on reviews",
        phase=Phase.INFORMING,
        done="Who was given the policy on reviews is recorded.",
        on="On which day they were given it",
        fields={"recipient": FieldWords(label="Who was given it", choices=GIVEN_POLICY, look=Look.SELECT)},
    ),
    "reviewing_policy_withheld": ActWords(
        title="Who is not given the policy on reviews",
        phase=Phase.INFORMING,
        done="Who is not given the policy, and why, is recorded.",
        on="On which day this was decided",
        fields={
            "recipient": FieldWords(label="Who is not given it", choices=GIVEN_POLICY, look=Look.SELECT),
            "reason": FieldWords(label="Why it is withheld", hint=NO_NAMES),
        },
    ),
    "notice_delivered": ActWords(
        title="A notice was delivered after all",
        phase=Phase.INFORMING,
        done="It is recorded that the notice was delivered.",
        on="On which day it was delivered",
        fields={
            "notice": FieldWords(
                label="Which notice", source=Source.UNDELIVERED, none="No notice waits to be delivered."
            ),
            "way": FieldWords(label="How it was delivered", choices=WAYS_TOLD),
        },
    ),
}
