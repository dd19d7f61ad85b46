"""What can go wrong when an episode is asked or told something, each with one sentence that says what to do."""


class EpisodeError(Exception):
    """An episode could not be asked or told; the message is for a person."""


class UnknownEpisode(EpisodeError):
    """There is no such episode."""


class EpisodeClosed(EpisodeError):
    """The episode has finished, and takes no more acts."""


class NotAnswered(EpisodeError):
    """No worker answered in time; an act may have been saved all the same."""
