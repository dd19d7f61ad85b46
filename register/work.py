"""What the desk's pages and the API's lists ask of the register.

A list may be of any length and is read a page at a time (`register/paging.py`): finding a page touches about as many
rows as it shows, however many there are. Where a function reads several things, on PostgreSQL a publication may come
in between: no act rests on a page, as its episode's workflow looks at it again. Every function raises
`RegisterUnavailable` when the database cannot be used.

- whose tasks are what: `tasks`, `count_tasks` (`register/work_tasks.py`)
- episodes as a list: `episodes_page` (`register/work_episodes.py`)
- what is overdue in an authority: `overdue`, `overdue_counts` (`register/work_overdue.py`)
- one child's page: `child_of_episode` (`register/work_child.py`)
- the IROs with what each has to do: `caseloads_page` (`register/work_caseloads.py`)
"""

from register.paging import BadCursor, Page
from register.work_caseloads import Caseload, caseloads_page
from register.work_child import ChildOfEpisode, NotSentNotice, child_of_episode
from register.work_episodes import EpisodeFilters, ListedEpisode, episodes_page
from register.work_overdue import OverdueCount, OverdueCounts, overdue, overdue_counts
from register.work_parts import TaskLine
from register.work_tasks import OF_THE_CASE, TaskCounts, TaskOwner, count_tasks, tasks

__all__ = [
    "OF_THE_CASE",
    "BadCursor",
    "Caseload",
    "ChildOfEpisode",
    "EpisodeFilters",
    "ListedEpisode",
    "NotSentNotice",
    "OverdueCount",
    "OverdueCounts",
    "Page",
    "TaskCounts",
    "TaskLine",
    "TaskOwner",
    "caseloads_page",
    "child_of_episode",
    "count_tasks",
    "episodes_page",
    "overdue",
    "overdue_counts",
    "tasks",
]
