"""Handles: a run that goes on, and a plan that waits for its confirmation."""

from __future__ import annotations

from typing import Any, Literal, Self, cast

from multi_job.client.errors import RunFailedError, RunNotEndedError
from multi_job.client.events import ENDED, wait_for_end
from multi_job.client.flows import Deadline, Flow, Item, Retries, Sleep, call, log, send
from multi_job.client.generated import operations as ops
from multi_job.client.generated import types as t
from multi_job.client.methods import D, Iteration, Method, Part

_FOLLOW_SEC = 0.5
LogLevel = Literal["debug", "info", "warning", "error", "critical"]


def _log_lines(
    part: Part[Any], *, follow: bool = False, level: LogLevel | None = None, q: str | None = None
) -> Flow[None]:
    """Iterate over the lines that the run has logged; `follow` goes on until it has ended.

    `level` leaves out lines of lower levels, `q` lines without this text.
    """
    run_id, after = cast("Run[Any]", part).run_id, None
    while True:
        response = yield from send(ops.get_logs(run_id, after=after, level=level, q=q), part.retries)
        for line in response.json():
            yield Item(line)
        if response.headers["X-Log-Truncated"] == "true":
            log.warning("run %s: lines are missing, because the log was too long", run_id)
        after, has_more = response.headers["X-Next-Cursor"], "next" in response.links
        if response.headers["X-Log-Complete"] == "true" or not (follow or has_more):
            return
        if not has_more:
            yield Sleep(_FOLLOW_SEC)


class Run(Part[D]):
    """A run. `status`, `output` and `error` are those of its last answer; `wait` and `refresh` ask again."""

    def __init__(self, driver: D, retries: Retries, run_id: str, job_id: str = "", status: str = "") -> None:
        super().__init__(driver, retries)
        self.run_id = run_id
        self.job_id = job_id
        self.status = status
        """A state of docs/states.md; empty before the first answer."""
        self.record: t.RunDetail | None = None
        """The whole run; None before `wait` or `refresh`."""

    def __repr__(self) -> str:
        return f"<Run {self.run_id} of {self.job_id}: {self.status}>"

    @property
    def output(self) -> Any:
        """The return value of the handler; raises RunNotEndedError or RunFailedError if there is none."""
        if self.record is None or self.record["result"] is None:
            raise RunNotEndedError(f"Run {self.run_id!r} is {self.status}: call wait first.")
        if not self.record["result"]["success"]:
            raise RunFailedError(self.record)
        return self.record["result"]["output"]

    @property
    def error(self) -> t.RunErrorBody | None:
        """The error of the last failed attempt; None if there is none so far."""
        return None if self.record is None else self.record["error"]

    @property
    def has_ended(self) -> bool:
        """Whether the last answer was a state that a run leaves only by a redrive."""
        return self.status in ENDED

    def _read(self, record: t.RunDetail) -> Self:
        self.record, self.status, self.job_id = record, record["status"], record["job_id"]
        return self

    @Method
    def wait(self, timeout_sec: float | None = None) -> Flow[Self]:
        """Wait until the run has ended; raises WaitTimeoutError after `timeout_sec`.

        A run that failed raises nothing here: `status` says so, and `output` raises. The wait listens to
        the event stream, goes on over a lost connection or an API that is away, and asks each second only
        if the stream is refused.
        """
        return self._read((yield from wait_for_end(self.run_id, self.retries, Deadline.after(timeout_sec))))

    @Method
    def refresh(self) -> Flow[Self]:
        """Read the run."""
        return self._read((yield from call(ops.get_run(self.run_id), self.retries)))

    @Method
    def cancel(self) -> Flow[t.RunCancelled]:
        """Cancel the run: at once while it waits; a running handler is notified and ends soon."""
        answer = yield from call(ops.cancel_run(self.run_id), self.retries)
        self.status = answer["status"]
        return answer

    logs = Iteration(_log_lines, t.LogLineBody)


class Plan(Part[D]):
    """A plan as the API has stored it. Nothing happens before `execute`."""

    def __init__(self, driver: D, retries: Retries, record: t.PlanBody) -> None:
        super().__init__(driver, retries)
        self.record = record
        self.plan_id = record["plan_id"]
        self.summary = record["summary"]
        self.jobs = record["jobs"]

    def __repr__(self) -> str:
        return f"<Plan {self.plan_id}: {self.summary}>"

    @property
    def questions(self) -> list[t.NoteBody]:
        """What the plan asks; `answer` takes a text, or one of a question's `choices`."""
        return [note for note in self.record["notes"] if note["kind"] == "question"]

    @Method
    def answer(self, text: str) -> Flow[Plan[D]]:
        """Answer its question or change it in words; returns the new plan."""
        record = yield from call(ops.plan_prompt(plan_id=self.plan_id, answer=text), self.retries)
        return Plan(self.driver, self.retries, record)

    @Method
    def execute(
        self,
        *,
        only_certain: bool = False,
        run_immediately: bool = False,
        wait_seconds: float = 0,
        idempotency_key: str | None = None,
    ) -> Flow[t.ExecutionBody]:
        """Apply the plan as it was shown; `only_certain` leaves out the part that needs a confirmation.

        `run_immediately` also runs the jobs once, and `wait_seconds` (30 at most) waits for these runs.
        """
        operation = ops.execute_plan(
            plan_id=self.plan_id,
            only_certain=only_certain,
            run_immediately=run_immediately,
            wait_seconds=wait_seconds,
            idempotency_key=idempotency_key,
        )
        return (yield from call(operation, self.retries))
