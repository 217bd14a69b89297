"""The tools that plan and act. A plan changes nothing; each act needs a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import Field

from app.cli.mcp import previews
from app.cli.mcp.person import Act, Confirmations, answer_in, ask, pending, question_schema
from app.cli.mcp.platform_api import PlatformApi
from app.cli.mcp.queries import Id, in_path
from app.cli.mcp.results import result
from app.cli.mcp.run_tasks import ENDED, as_task, of_run, wants_task
from app.cli.mcp.untrusted import escaped, one_line
from app.core.access.api_keys import Role
from app.core.i18n import Message, _, for_reader

PLANS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
ACTS: Final = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=True
)
MAX_WAIT_SEC: Final = 60
_FIRST_PAUSE_SEC, _LONGEST_PAUSE_SEC = 0.1, 2.0
_QUESTIONS: Final = 5
"""So many questions of one sentence are asked in one call."""
_MOST_LETTERS, _PAGE = 1_000, 500

Ctx = Context[Any, Any]
PlanId = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=2_000)]
Called = CallToolResult | InputRequiredResult


@dataclass(frozen=True, slots=True)
class Acts:
    """Plans sentences, and does what a person confirms."""

    api: PlatformApi
    confirmations: Confirmations
    zone_name: str | None = None
    """The person's zone; None is the deployment's."""

    async def plan(
        self,
        ctx: Ctx,
        *,
        prompt: Annotated[Sentence, Field(description="What shall be done and when.")],
        timezone: Annotated[str | None, Field(description="IANA zone of its times.")] = None,
    ) -> Called:
        """Turn a sentence in Indonesian or English into a plan of jobs. Nothing is changed.

        If the sentence leaves something open, the person is asked. `confirm_plan` applies the plan.
        """
        continued = pending(ctx).get("plan_id")
        if continued is not None:
            return await self._asked(ctx, await self._stored(continued))
        body = {"prompt": prompt, "timezone": timezone or self.zone_name}
        given = {name: value for name, value in body.items() if value is not None}
        return await self._asked(ctx, await self.api.post("/planner/plan", given))

    async def answer(
        self,
        ctx: Ctx,
        *,
        plan_id: PlanId,
        answer: Annotated[Sentence, Field(description="The answer, or a change in words.")],
    ) -> Called:
        """Answer the question of a plan, or change the plan in words: a new plan. Nothing is changed."""
        continued = pending(ctx).get("plan_id")
        if continued is not None:
            return await self._asked(ctx, await self._stored(continued))
        body = {"plan_id": plan_id, "answer": answer}
        return await self._asked(ctx, await self.api.post("/planner/plan", body))

    async def confirm_plan(self, ctx: Ctx, *, plan_id: PlanId) -> Called:
        """Ask the person to confirm a stored plan, and apply it if they do. No argument can confirm it."""
        plan = await self._stored(plan_id)
        question = _question(plan)
        if question is not None:
            raise ToolError(for_reader(_open_question(question)))
        if not plan["jobs"]:
            raise ToolError(for_reader(_("The plan has no job: nothing to apply.")))
        by_hand = f"multi-job plan --from {plan_id} --apply"
        preview = previews.of_plan(plan, await self._zone())
        act = Act("confirm_plan", preview, by_hand, f"/plan?plan={plan_id}")
        key = await self._confirmed(ctx, act)
        if isinstance(key, InputRequiredResult):
            return key
        return result(await self.api.post("/planner/execute", {"plan_id": plan_id}, key=key))

    async def run(
        self,
        ctx: Ctx,
        *,
        job_id: Id,
        inputs: Annotated[
            dict[str, Any] | None, Field(description="In place of the job's own inputs.")
        ] = None,
        wait_sec: Annotated[int, Field(ge=0, le=MAX_WAIT_SEC, description="Wait so long for its end.")] = 20,
    ) -> Called:
        """Run a job once, now, if the person confirms it, and return its output."""
        path = f"/jobs/{in_path(job_id)}"
        job = await self.api.get(path)
        by_hand, page = f"multi-job run {escaped(job['job_id'])}", f"/jobs/{in_path(job_id)}"
        act = Act("run", previews.of_run(job, inputs), by_hand, page)
        key = await self._confirmed(ctx, act)
        if isinstance(key, InputRequiredResult):
            return key
        started = await self.api.post(f"{path}/run", {} if inputs is None else {"inputs": inputs}, key=key)
        if wants_task(ctx):
            run = await self._run(started["run_id"])
            return of_run(run) if run["status"] in ENDED else as_task(run)
        return await self._waited(ctx, started["run_id"], wait_sec)

    async def cancel(self, ctx: Ctx, *, run_id: Id) -> Called:
        """Cancel a run that waits or is running, if the person confirms it."""
        run = await self._run(run_id)
        if run["status"] in ENDED:
            text = _(
                "Run {run_id!r} has ended already: {status}.", run_id=one_line(run_id), status=run["status"]
            )
            raise ToolError(for_reader(text))
        preview = previews.of_cancel(run, await self._zone())
        by_hand, page = f"multi-job cancel {escaped(run_id)}", f"/runs/{in_path(run_id)}"
        key = await self._confirmed(ctx, Act("cancel", preview, by_hand, page))
        if isinstance(key, InputRequiredResult):
            return key
        return result(await self.api.post(f"/runs/{in_path(run_id)}/cancel"))

    async def redrive(
        self,
        ctx: Ctx,
        *,
        fingerprint: Annotated[str, Field(max_length=64, description="Of the error, from `dead_letters`.")],
    ) -> Called:
        """Run the dead letters of one error again, if the person confirms it."""
        letters = await self._letters(fingerprint)
        if not letters:
            raise ToolError(for_reader(_("No dead letter has this error.")))
        by_hand = f"multi-job dead-letters redrive --group {escaped(fingerprint)}"
        act = Act("redrive", previews.of_redrive(letters), by_hand, "/dead-letters")
        key = await self._confirmed(ctx, act)
        if isinstance(key, InputRequiredResult):
            return key
        # By their ids: a letter that came after the question is not among them.
        body = {"run_ids": [letter["run_id"] for letter in letters]}
        return result(await self.api.post("/dead-letters/redrive", body, key=key))

    def add_to(self, server: MCPServer[Any]) -> None:
        """Register the tools."""
        for tool in (self.plan, self.answer):
            server.add_tool(tool, annotations=PLANS)
        for tool in (self.confirm_plan, self.run, self.cancel, self.redrive):
            server.add_tool(tool, annotations=ACTS)

    async def _asked(self, ctx: Ctx, plan: dict[str, Any]) -> Called:
        """Ask the person what the plan asks, until it is a plan; one that stays open is returned as it is."""
        for _number in range(_QUESTIONS):
            question = _question(plan)
            if question is None:
                break
            # The form shows cleaned texts; the planner gets the choice as it made it.
            choices = {escaped(choice): choice for choice in question["choices"]}
            about = {"plan_id": plan["plan_id"]}
            reply = await ask(ctx, escaped(question["text"]), question_schema(list(choices)), about=about)
            if isinstance(reply, InputRequiredResult):
                return reply
            words = None if reply is None else answer_in(reply.result)
            if words is None or (choices and words not in choices):
                break
            body = {"plan_id": plan["plan_id"], "answer": choices.get(words, words)}
            plan = await self.api.post("/planner/plan", body)
        is_open = _question(plan) is not None
        following = "answer" if is_open else "confirm_plan" if plan["jobs"] else None
        return result(plan, plan_id=plan["plan_id"], next_tool=following)

    async def _confirmed(self, ctx: Ctx, act: Act) -> str | InputRequiredResult:
        """Confirm an act that the caller's role allows: no person is asked for one that would be refused."""
        me = await self.api.get("/me")
        if not Role(me["role"]).covers(Role.OPERATOR):
            text = _(
                "This needs the role {needed}; {name!r} is {role}.",
                needed=Role.OPERATOR,
                name=one_line(me["name"]),
                role=me["role"],
            )
            raise ToolError(for_reader(text))
        return await self.confirmations.of(ctx, act)

    async def _letters(self, fingerprint: str) -> list[dict[str, Any]]:
        """Return the dead letters of an error, at most as many as one call takes."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        path = f"/dead-letters/{in_path(fingerprint)}/runs"
        while len(found) < _MOST_LETTERS:
            part = await self.api.part(path, limit=_PAGE, cursor=cursor)
            found += part.items
            cursor = part.cursor
            if cursor is None:
                break
        return found

    async def _stored(self, plan_id: str) -> dict[str, Any]:
        return await self.api.get(f"/planner/plans/{plan_id}")

    async def _run(self, run_id: str) -> dict[str, Any]:
        return await self.api.get(f"/runs/{in_path(run_id)}")

    async def _waited(self, ctx: Ctx, run_id: str, wait_sec: float) -> CallToolResult:
        """Return a run when it has ended or the wait is over; the client hears of its state meanwhile."""
        loop = asyncio.get_running_loop()
        start, pause_sec = loop.time(), _FIRST_PAUSE_SEC
        while True:
            run = await self._run(run_id)
            passed_sec = loop.time() - start
            if run["status"] in ENDED or passed_sec >= wait_sec:
                return of_run(run)
            await ctx.report_progress(passed_sec, wait_sec, run["status"])
            await asyncio.sleep(min(pause_sec, max(0.0, wait_sec - passed_sec)))
            pause_sec = min(pause_sec * 2, _LONGEST_PAUSE_SEC)

    async def _zone(self) -> tzinfo:
        return zone_of(self.zone_name or (await self.api.get("/platform"))["timezone"])


def zone_of(name: str) -> tzinfo:
    """Return a zone by its IANA name; raises ToolError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ToolError(for_reader(_("The time zone {name!r} is unknown.", name=one_line(name)))) from error


def _open_question(question: dict[str, Any]) -> Message:
    text, choices = escaped(question["text"]), [*map(escaped, question["choices"])]
    if not choices:
        return _("The plan has an open question: {question} Call `answer` first.", question=text)
    return _(
        "The plan has an open question: {question} Call `answer` first, with one of: {choices}",
        question=text,
        choices="; ".join(choices),
    )


def _question(plan: dict[str, Any]) -> dict[str, Any] | None:
    return next((note for note in plan["notes"] if note["kind"] == "question"), None)
