"""What the forms of `iro` and `person` ask for."""

from commands.forms import Blank, code, codes, day, text, words

NEVER = "never"


def _last_day(name: str, given: str) -> str | None:
    """A last day; `never` where there is none after all."""
    return None if given == NEVER else day(name, given)


NAME = Blank("name", "as it is written in a letter", "name", text)
AUTHORITY = Blank("authority", "whose post it is, by its three-digit code", "authority", text)
ROLE = Blank("role", "the post, such as team_manager or iro_manager", "role", code)
TEAM = Blank("team", "the team, by its reference", "team", text)
OF_ANYONE = (
    Blank("email", "to reach them by", "email", text),
    Blank("phone", "to reach them by", "phone", text),
    Blank("since", "the first day in the post", "since", day),
    Blank("line_manager", "who is above them, by reference", "line_manager", text),
    Blank("deputy", "who stands in for them, by reference", "deputy", text),
)
OF_AN_IRO = (
    Blank("hours", "of full time: 0.6 is three days a week; 1 if left out", "hours", text),
    Blank("limit", "most children for full-time hours; 70 if left out", "full_time_limit", text),
    Blank("nations", "england, wales or both; the authority's own if left out", "nations", codes),
    Blank("offers", "languages and the like, with commas: welsh,makaton", "offers", words),
    Blank("picture", "where a picture of them is, for children: https://...", "picture", text),
)

AWAY_SINCE = Blank("since", "the first day away", "since", day)
AWAY_UNTIL = Blank("until", "the last day away, where it is known", "until", day)
COVER = Blank("cover", "who covers, by reference", "cover", text)
BACK_ON = Blank("on", "the first day back", "on", day)
LEAVES_ON = Blank("on", "the last day in the post; never, if they stay after all", "on", _last_day)

AGAINST = Blank("against", "the child, worker or team, by reference", "against", text)
KIND = Blank("kind", "line_management, past_casework, resources or conflict", "kind", code)
REASON = Blank("reason", "in your own words, no names; a conflict needs one", "reason", text)
