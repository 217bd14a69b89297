"""The runs that this process holds; renews their leases in a thread, so that blocking handlers lose nothing.

The thread has its own event loop and connection. It also watches the main loop: if that is silent for four
leases, renewals stop and the process exits, to be restarted.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, NoReturn

from redis.exceptions import RedisError

from app.core.activity.watchdog import watched_loop
from app.core.background import run_forever
from app.core.errors import MultiJobError
from app.core.execution.attempt import GRACE_SEC, StopReason
from app.core.observability import get_logger
from app.core.queue import open_queue
from app.core.redis_client import open_link

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.models import ClaimedRun
    from app.core.queue import Queue
    from app.core.redis_client import BlockingLink
    from app.core.runner import Attempt, ChildSlots
    from app.core.storage.keys import Keys
    from app.services.worker.slot_pool import SlotPool

ISOLATED_SLOTS = 2
"""Slots for suspects, in addition to those for normal runs. With one slot, a long suspect would hold up all
others. Each is a child process of about 45 MB, so more would cost memory."""

UNANSWERED_SEC = 0.5
"""A shard that has not answered a claim for so long keeps no slots from the others."""


class InFlight:
    """The runs in hand. The lease thread reads them, so methods return copies only.

    With several shards each has one, and `pool` divides the slots among them.
    """

    def __init__(
        self, slots: int, children: ChildSlots | None = None, pool: SlotPool[InFlight] | None = None
    ) -> None:
        self.slots = slots
        self._children = children
        self._pool = pool
        self._asked = self._asked_alone = 0
        self._is_late = False
        self._answer_timer: asyncio.TimerHandle | None = None
        self.claiming = 0
        """The number of the claim in flight, 0 if there is none: its runs are held, though unknown."""
        self.closed = False
        """True if nothing may be claimed, because neither Redis nor the disk accepts the held ends."""
        self._claimed: dict[str, ClaimedRun] = {}
        self._running: dict[str, Attempt] = {}
        self._ending: dict[str, ClaimedRun] = {}
        self._alone: set[str] = set()
        self._kept: dict[str, float] = {}
        self._changed = asyncio.Event()
        self._notify = self._changed.set if pool is None else pool.wake

    @property
    def free(self) -> int:
        """Return how many more normal runs may start; unacknowledged ends count as well.

        Runs that wait for a child process do no work, so they hold up no others. Only as many as there are
        slots are left out: each is held in memory, and its lease is renewed.
        """
        if self.closed:
            return 0
        waiting = 0 if self._children is None else min(self._children.waiting, self.slots)
        if self._pool is not None:
            return self._pool.free_of(self, waiting)
        return max(0, self.slots + waiting - self.held)

    @property
    def free_alone(self) -> int:
        """Return how many more suspects may start."""
        alone = len(self._alone)
        if self._pool is not None:
            alone += sum(len(each._alone) + each._asked_alone for each in self._pool.others_of(self))  # noqa: SLF001
        return 0 if self.closed else max(0, ISOLATED_SLOTS - alone)

    @property
    def held(self) -> int:
        """Return how many slots the started runs take, those that wait for a child process included."""
        return len(self._running) - len(self._alone) + max(0, len(self._ending) - 4 * self.slots)

    @property
    def occupied(self) -> int:
        """Return the same with the runs that are being claimed, as other shards see it."""
        return self.held + len(self._claimed) + self._asked

    @property
    def gives_back(self) -> bool:
        """Return whether an entry for which there is no slot goes back to its lane: others may have it."""
        return self._pool is not None

    def asks(self, slots: int, alone: int) -> None:
        """Keep slots for the runs of a claim that is on its way, for as long as an answer may take."""
        if self._pool is not None:
            self._asked, self._asked_alone, self._is_late = slots, alone, False
            self._answer_timer = asyncio.get_running_loop().call_later(UNANSWERED_SEC, self.is_unanswered)

    def is_unanswered(self) -> None:
        """Leave the slots of a claim to other shards: this one does not answer."""
        if self._pool is not None:
            self._end_asking()
            self._is_late = True
            self._pool.has_no_work(self)

    def answered(self, found: int) -> bool:
        """Note that a claim has returned so many runs; return whether their slots may be taken meanwhile."""
        if self._pool is None:
            return False
        self._end_asking()
        (self._pool.is_served if found else self._pool.is_empty)(self)
        return self._is_late

    def _end_asking(self) -> None:
        # After an error the next claim is on its way before this timer ends.
        if self._answer_timer is not None:
            self._answer_timer.cancel()
        self._asked = self._asked_alone = 0

    def waits_for_entries(self) -> None:
        """Note that there is no work, and the claimer waits for some."""
        if self._pool is not None:
            self._pool.has_no_work(self)

    def may_have_work(self) -> None:
        """Note that the claimer waits no more."""
        if self._pool is not None:
            self._pool.may_have_work(self)

    def wake(self) -> None:
        """Let a claimer that waits for a change look again."""
        self._changed.set()

    @property
    def empty(self) -> bool:
        """True if nothing is held."""
        return not self._claimed and not self._running and not self._ending

    def running(self) -> list[Attempt]:
        """Return the running attempts."""
        return list(self._running.values())

    def attempt(self, run_id: str) -> Attempt | None:
        """Return a run's attempt; None if its handler has ended."""
        return self._running.get(run_id)

    def holds(self, run_id: str) -> bool:
        """True if a run is held in any way."""
        return run_id in self._claimed or run_id in self._running or run_id in self._ending

    def leases(self) -> list[tuple[str, str]]:
        """Return (run, lease) of everything held; safe to call from another thread."""
        # list(dict.items()) runs without giving up the interpreter's lock, so it is a snapshot. A run moves
        # on from one to the next and is there before it has left: read in this order, none is missed.
        claimed = [(run_id, run.lease_id) for run_id, run in list(self._claimed.items())]
        running = [(run_id, attempt.run.lease_id) for run_id, attempt in list(self._running.items())]
        ending = [(run_id, run.lease_id) for run_id, run in list(self._ending.items())]
        return claimed + running + ending

    def claimed(self, runs: list[ClaimedRun], asked_at: float) -> None:
        """Add the runs of a claim that was sent at `asked_at` (boottime, s); no handler has started yet."""
        for run in runs:
            if run.keyed:
                self._kept[run.lease_id] = asked_at
            self._claimed[run.run_id] = run

    def renewed(self, lease_id: str, sent_at: float) -> None:
        """Note that a renewal, sent at `sent_at` (boottime, s), has kept a lease; any thread may call."""
        if lease_id in self._kept:
            self._kept[lease_id] = sent_at

    def kept_until_now(self) -> list[tuple[Attempt, float]]:
        """Return running runs that hold a key, each with the time from which its lease certainly counts."""
        if not self._kept:
            return []
        running = [(attempt, attempt.run.lease_id) for attempt in list(self._running.values())]
        kept = [(execution, self._kept.get(lease_id)) for execution, lease_id in running]
        return [(execution, sent_at) for execution, sent_at in kept if sent_at is not None]

    def pending(self, runs: list[ClaimedRun]) -> list[ClaimedRun]:
        """Return the claimed runs whose handlers have not started yet."""
        return [run for run in runs if self._claimed.get(run.run_id) is run]

    def add(self, attempt: Attempt) -> None:
        """Add a run whose handler has started."""
        self._running[attempt.run.run_id] = attempt
        if attempt.run.alone:
            self._alone.add(attempt.run.run_id)
        self._claimed.pop(attempt.run.run_id, None)

    def ending(self, run: ClaimedRun) -> None:
        """Mark a run whose handler has ended or never starts; its lease is renewed until acknowledged."""
        self._ending[run.run_id] = run
        self._running.pop(run.run_id, None)
        self._alone.discard(run.run_id)
        self._claimed.pop(run.run_id, None)
        self._notify()

    def release(self, run: ClaimedRun) -> None:
        """Remove a run; a newer attempt of it stays."""
        ending, running = self._ending.get(run.run_id), self._running.get(run.run_id)
        if ending is not None and ending.lease_id == run.lease_id:
            del self._ending[run.run_id]
        if running is not None and running.run.lease_id == run.lease_id:
            del self._running[run.run_id]
            self._alone.discard(run.run_id)
        self._kept.pop(run.lease_id, None)
        self._notify()

    def without_inputs(self, run: ClaimedRun) -> ClaimedRun:
        """Free the memory of an ended run's inputs; return the run as it is held from now on."""
        slim = run._replace(inputs="")
        if self._ending.get(run.run_id) is run:
            self._ending[run.run_id] = slim
        return slim

    async def change(self, timeout_sec: float) -> None:
        """Wait until a run has ended, for at most this time."""
        self._changed.clear()
        try:
            async with asyncio.timeout(timeout_sec):
                await self._changed.wait()
        except TimeoutError:
            return


# Stops runs that hold a key before their lease ends.
#
# Mutual exclusion is promised for keys only. A run without a key continues: its worker cannot distinguish a
# broken network from a Redis that hangs for all workers, and the fence refuses an end that comes too late.

log = get_logger(__name__)

STOP_BEFORE_SEC = 2.0
"""Time before the lease ends at which a handler is stopped: a second for the cancellation, one in reserve."""
STOP_BEFORE_PART = 6
"""At most a sixth of a short lease, so that a renewal and its repeat still fit into the lease."""
KILL_SEC = 0.25
"""A child is killed after the grace; then the process exits, within a second of the lease's end."""
STEP_SEC = 0.1
EXIT_CUT_OFF = 71


class LeaseDeadlines:
    """Checks, in the lease thread, the age of the last certain renewal of each keyed run."""

    def __init__(
        self,
        in_flight: InFlight,
        clock: Clock,
        settings: Settings,
        main: asyncio.AbstractEventLoop,
        before_leaving: Callable[[], None],
    ) -> None:
        lease = settings.lease_sec
        self._in_flight = in_flight
        self._clock = clock
        self._main = main
        self._before_leaving = before_leaving
        self._stop_after_sec = lease - min(STOP_BEFORE_SEC, lease / STOP_BEFORE_PART)
        self._asked_to_stop: dict[str, float] = {}

    async def run(self, over: threading.Event) -> None:
        """Check every tenth of a second until `over`."""
        while not over.is_set():
            self.check()
            await asyncio.sleep(STEP_SEC)

    def check(self) -> None:
        """Stop each keyed run whose lease may end soon; exit if one of them does not end."""
        now = self._clock.boottime()
        late = [e for e, sent_at in self._in_flight.kept_until_now() if now - sent_at > self._stop_after_sec]
        # The grace counts from the order to stop, so a process that slept past its leases has it as well.
        since = self._clock.monotonic()
        self._asked_to_stop = {e.run.lease_id: self._asked_to_stop.get(e.run.lease_id, since) for e in late}
        for execution in late:
            if self._asked_to_stop[execution.run.lease_id] == since:
                self._stop(execution)
            elif since - self._asked_to_stop[execution.run.lease_id] > GRACE_SEC + KILL_SEC:
                self._before_leaving()
                exit_cut_off(execution.run.run_id)

    def _stop(self, attempt: Attempt) -> None:
        log.warning(
            "a run with a key is stopped: its lease could not be renewed",
            run_id=attempt.run.run_id,
            job_id=attempt.run.job_id,
        )
        self._main.call_soon_threadsafe(attempt.stop, StopReason.CUT_OFF)


def exit_cut_off(run_id: str) -> NoReturn:
    """End this process at once, so that a handler with a key never overlaps the next holder of the key."""
    log.error("a handler that holds a key does not end and its lease is over; leaving", run_id=run_id)
    os._exit(EXIT_CUT_OFF)


RENEWALS_A_LEASE = 3
TRIES_A_RENEWAL = 4
BATCH = 256
SILENT_LEASES = 4
EXIT_HUNG = 70
"""The event loop hangs, or the lease thread has failed."""
BEAT_SEC = 0.1


class LeaseKeeper:
    """Renews the leases of all held runs, each third of a lease."""

    def __init__(
        self,
        consumer: str,
        in_flight: InFlight,
        clock: Clock,
        settings: Settings,
        before_leaving: Callable[[], None] = lambda: None,
    ) -> None:
        self._consumer = consumer
        self._in_flight = in_flight
        self._clock = clock
        self._settings = settings
        self._main = asyncio.get_running_loop()
        self._last_beat = clock.monotonic()
        self._over = threading.Event()
        self._deadlines = LeaseDeadlines(in_flight, clock, settings, self._main, before_leaving)
        self._before_leaving = before_leaving
        self._thread = threading.Thread(target=self._run_thread, name="leases", daemon=True)

    async def run(self, stop: asyncio.Event) -> None:
        """Renew until `stop`, then until no run is held; `finish` ends the thread."""
        self._thread.start()
        while not (stop.is_set() and self._in_flight.empty):
            self._last_beat = self._clock.monotonic()
            await asyncio.sleep(BEAT_SEC)
        self._over.set()

    def finish(self) -> None:
        """Let the thread end."""
        self._over.set()

    def _run_thread(self) -> None:
        try:
            asyncio.run(self._renew_watched())
        except BaseException:
            if self._over.is_set():
                raise
            # Without renewals every run of this process would start again elsewhere while it still runs here.
            log.exception("the lease thread failed; exiting, so that the process is started again")
            os._exit(EXIT_HUNG)

    async def _renew_watched(self) -> None:
        # From this thread, as the renewals: a handler may block the main loop for as long as four leases.
        with watched_loop():
            await self._renew_forever()

    async def _renew_forever(self) -> None:
        # A reply later than a third of a lease is useless: the next renewal is due.
        pause = self._settings.lease_sec / RENEWALS_A_LEASE
        deadlines = asyncio.create_task(self._deadlines.run(self._over), name="deadlines")
        link = await open_link(self._settings, patience_sec=pause, answer_timeout_sec=min(pause, 5.0))
        queue = open_queue(link, self._clock, self._settings)
        while not self._over.is_set():
            if deadlines.done():
                deadlines.result()
            renewed = await self._renewed(queue)
            # A third for the last pause, a third for a call without a reply: another whole pause would be the
            # end of the lease.
            await self._wait_watching(pause if renewed else pause / TRIES_A_RENEWAL)
        await deadlines
        await link.close()

    async def _renewed(self, queue: Queue) -> bool:
        try:
            await self._renew_all(queue)
        except (MultiJobError, RedisError) as error:
            log.warning("leases not renewed", reason=str(error))
            return False
        return True

    async def _renew_all(self, queue: Queue) -> None:
        # Read first: the runs of that claim are held before it is no longer in flight.
        claiming = self._in_flight.claiming
        held = self._in_flight.leases()
        for start in range(0, max(1, len(held)), BATCH):
            part = held[start : start + BATCH]
            sent_at = self._clock.boottime()
            words = await queue.renew(self._consumer, part, claiming)
            for (run_id, lease_id), word in zip(part, words, strict=True):
                if word != "LOST":
                    self._in_flight.renewed(lease_id, sent_at)
                if word != "OK":
                    self._main.call_soon_threadsafe(self._on_answer, run_id, lease_id, word)

    def _on_answer(self, run_id: str, lease_id: str, word: str) -> None:
        attempt = self._in_flight.attempt(run_id)
        if attempt is not None and attempt.run.lease_id == lease_id:
            attempt.stop(StopReason.LOST if word == "LOST" else StopReason.CANCELLED)

    async def _wait_watching(self, seconds: float) -> None:
        """Sleep in steps and check the main loop's beat after each."""
        lease, warned = self._settings.lease_sec, False
        until = self._clock.monotonic() + seconds
        while not self._over.is_set() and (now := self._clock.monotonic()) < until:
            step = min(lease / 10, 0.5, until - now)
            await asyncio.sleep(step)
            overslept = self._clock.monotonic() - now - step
            if overslept > lease / 2:
                # The whole process was stopped or suspended: the loop's silence means nothing.
                self._last_beat = self._clock.monotonic()
            silent = self._clock.monotonic() - self._last_beat
            if silent > lease * SILENT_LEASES:
                self._exit_hung(silent)
            if silent > lease / 2 and not warned:
                warned = True
                log.warning(
                    "a handler blocks the event loop: use runs_in='thread' or 'process'",
                    silent_sec=round(silent, 1),
                    running=[attempt.run.run_id for attempt in self._in_flight.running()][:10],
                )

    def _exit_hung(self, silent: float) -> None:
        log.error("the event loop hangs; leaving to be started anew", silent_sec=round(silent, 1))
        self._before_leaving()
        os._exit(EXIT_HUNG)


# Cancellations: lease renewal reports them too, but up to a third of a lease later.

LISTEN_SEC = 1.0


class CancelListener:
    """Listens on the control channel for cancelled runs."""

    def __init__(self, link: BlockingLink, keys: Keys, in_flight: InFlight) -> None:
        self._link = link
        self._keys = keys
        self._in_flight = in_flight

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop`."""
        await run_forever("cancels", self._listen, stop)
        await self._link.close()

    async def _listen(self, _stop: asyncio.Event) -> None:
        if not self._link.connected:
            await self._link.command("SUBSCRIBE", self._keys.control, timeout_sec=5)
        message = await self._link.message(LISTEN_SEC)
        if message and message[0] == "message":
            self._on_message(str(message[2]))

    def _on_message(self, text: str) -> None:
        verb, _, run_id = text.partition(" ")
        attempt = self._in_flight.attempt(run_id)
        if verb == "cancel" and attempt is not None:
            attempt.stop(StopReason.CANCELLED)
