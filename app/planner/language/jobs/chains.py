"""Links the jobs of wishes that follow each other, and drops those whose first job is not planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.core.i18n import _

if TYPE_CHECKING:
    from app.planner.language.clauses.clause import Clause
    from app.planner.language.draft import DraftBuilder
    from app.planner.language.jobs.context import BuildContext, JobDraft

Built = Mapping[int, Sequence["JobDraft"]]
"""The jobs of each clause, by its index."""


def link_chains(
    clauses: Sequence[Clause], built: Built, context: BuildContext, builder: DraftBuilder
) -> None:
    """Link each job to those that it starts.

    Without its first job one that follows would run at once, so it is dropped with a note.
    """
    places = {id(clause): index for index, clause in enumerate(clauses)}
    for index, clause in enumerate(clauses):
        if clause.after is None:
            continue
        firsts = built.get(places[id(clause.after)], ())
        seconds = [each for job in built.get(index, ()) if (each := builder.kept(job)) is not None]
        for first in filter(None, map(builder.kept, firsts if clause.outcome else ())):
            first.starts.extend((clause.outcome, second) for second in seconds)
        if seconds and not (firsts and clause.outcome):
            builder.drop(seconds)
            waits = _('"{words}" cannot follow that job: it is left out.')
            builder.refuse(waits.fill(words=context.words(clause.items)), context.span(clause.items))
    builder.drop([job for job in builder.jobs if job.is_named and not job.starts])
