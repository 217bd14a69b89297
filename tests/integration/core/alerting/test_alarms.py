"""Alarms about incidents: once, in order, and on to the next recipient."""

from __future__ import annotations

import pytest

from app.core.alerting.loop import AlarmLoop
from app.core.alerting.rules import AlarmRecipient
from app.core.alerting.sender import STORM_MESSAGES, _place_key
from app.core.config import Settings
from app.core.incidents.models import IncidentKind, TimelineKind
from app.core.messaging.outbox import OutboxState, Settlement
from app.core.models import Skip
from app.core.recipient import Recipient
from app.core.redis_client import RedisLink
from app.core.storage.scripts import Scripts
from tests.support.alerting import OPS, AlarmDesk

INBOX = "sandbox:default"
SECOND = Recipient("telegram", "bot_b02", "4712")
ALWAYS = Skip(windows=["00:00-12:00", "12:00-24:00"])


@pytest.fixture
def desk(link: RedisLink, scripts: Scripts, settings: Settings) -> AlarmDesk:
    return AlarmDesk(link, scripts, settings.model_copy(update={"message_language": "en"}))


@pytest.fixture
async def two(desk: AlarmDesk) -> AlarmDesk:
    """Two accounts, and a rule that names both in turn."""
    await desk.account()
    await desk.account("bot_b02")
    await desk.rule(
        *(
            AlarmRecipient(channel="telegram", account_id=each.account_id, to=each.to)
            for each in (OPS, SECOND)
        )
    )
    return desk


async def test_an_alarm_and_a_recovery_are_sent_once_each(desk: AlarmDesk) -> None:
    """The default recipient gets both, with the reason, the checks and the job."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.job()
    await desk.open()
    await desk.step(rounds=3)
    await desk.settle()
    await desk.step(rounds=3)
    await desk.incidents.close("monitor:shop")
    await desk.step(rounds=3)
    await desk.settle()
    await desk.step(rounds=3)
    down, up = await desk.texts(OPS.account)
    assert down.startswith("DOWN: https://shop.example since ")
    assert down.endswith(": 503 Service Unavailable (3 checks). Job shop.")
    assert up.startswith("UP AGAIN: https://shop.example at ")
    incident = await desk.incident()
    assert [(each.phase, each.state) for each in incident.deliveries] == [
        ("opened", "delivered"),
        ("recovered", "delivered"),
    ]
    assert [each.what for each in incident.timeline] == [
        *("opened", "notified", "delivered", "closed", "notified", "delivered")
    ]
    assert not await desk.texts(INBOX)


async def test_a_recipient_gets_one_alarm_about_an_incident(desk: AlarmDesk) -> None:
    """A sender that died after sending, and one that holds an expired claim, send nothing again."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open()
    other = desk.new_sender()
    due = await other._reader.due()
    scene = await other._reader.scene(*due)
    await desk.sender.work()
    decisions = {each: await other._decided(scene, each) for each in due[1]}
    await other._send(scene, decisions)
    assert len(await desk.texts(OPS.account)) == 1
    assert len((await desk.incident()).deliveries) == 1


async def test_an_incident_that_has_ended_meanwhile_is_no_alarm(desk: AlarmDesk) -> None:
    """It ends between the reading and the sending."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open()
    due = await desk.sender._reader.due()
    scene = await desk.sender._reader.scene(*due)
    decisions = {each: await desk.sender._decided(scene, each) for each in due[1]}
    await desk.incidents.close("monitor:shop")
    await desk.sender._send(scene, decisions)
    assert not await desk.messages()


async def test_an_incident_that_ends_meanwhile_stays_due(desk: AlarmDesk) -> None:
    """What was decided before its end does not take it off the list."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open()
    due = await desk.sender._reader.due()
    scene = await desk.sender._reader.scene(*due)
    await desk.incidents.close("monitor:shop")
    [incident_id] = due[1]
    decision = await desk.sender._decided(scene, incident_id)
    decision.due = None
    row = desk.sender._row(scene, incident_id, decision)
    assert await desk.scripts.run("incidents/schedule", *row) == 0
    assert incident_id in (await desk.sender._reader.due())[1]


async def test_a_settled_delivery_is_noted_once(desk: AlarmDesk) -> None:
    """Two loops that see the same result write one line."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open()
    await desk.sender.work()
    await desk.settle()
    desk.ahead_ms += 2_000
    other = desk.new_sender()
    scenes = [await each._reader.scene(*await each._reader.due()) for each in (desk.sender, other)]
    await desk.sender._settled(scenes[0])
    await other._settled(scenes[1])
    assert [each.what for each in (await desk.incident()).timeline].count(TimelineKind.DELIVERED) == 1


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.UNKNOWN])
async def test_a_message_that_fails_is_followed_by_the_next(two: AlarmDesk, state: Settlement) -> None:
    """The fallback gets the same alarm, and the recovery goes to it alone."""
    await two.open()
    await two.step()
    await two.settle(state)
    await two.step()
    assert len(await two.texts(SECOND.account)) == 1
    await two.settle(account=SECOND.account)
    await two.step()
    await two.incidents.close("monitor:shop")
    await two.step()
    assert [len(await two.texts(each.account)) for each in (OPS, SECOND)] == [1, 2]
    assert not await two.texts(INBOX)


async def test_a_message_that_waits_too_long_is_followed_by_the_next(two: AlarmDesk) -> None:
    """After 20 s the fallback gets the alarm; at the end the message that still waits is taken back."""
    await two.open()
    await two.step()
    await two.step(10)
    assert not await two.texts(SECOND.account)
    await two.step(11, rounds=1)
    await two.settle(account=SECOND.account)
    await two.step(3)
    await two.incidents.close("monitor:shop")
    await two.step(1)
    first, *others = await two.messages()
    assert (first.account, first.state, first.error_code) == (OPS.account, OutboxState.FAILED, "closed")
    assert [each.account for each in others] == [SECOND.account] * 2


@pytest.mark.parametrize("how", ["missing", "disabled"])
async def test_an_account_that_cannot_be_used_is_passed_over(two: AlarmDesk, how: str) -> None:
    """No message waits for it."""
    await two.accounts.delete("telegram", OPS.account_id, "test")
    if how == "disabled":
        await two.account(enabled=False)
    await two.open()
    await two.step(rounds=3)
    assert [each.account for each in await two.messages()] == [SECOND.account]
    incident = await two.incident()
    assert [each.state for each in incident.deliveries] == ["failed", "pending"]
    assert OPS.account_id in (incident.deliveries[0].error or "")


async def test_an_alarm_that_reaches_no_one_is_an_incident(two: AlarmDesk) -> None:
    """The sandbox's inbox gets it, and the incident ends when an alarm arrives again."""
    await two.open()
    for each in (OPS, SECOND):
        await two.step()
        await two.settle(OutboxState.FAILED, account=each.account)
    await two.step(rounds=4)
    undelivered = await two.incident("alarm_undelivered")
    assert undelivered.is_open
    assert "the channel refused it" in undelivered.cause
    assert len(await two.texts(INBOX)) == 2
    assert {each.state for each in await two.messages() if each.account == INBOX} == {OutboxState.DELIVERED}
    await two.open("monitor:other")
    await two.step()
    await two.settle()
    await two.step(3)
    assert not (await two.incident("alarm_undelivered")).is_open


async def test_without_a_recipient_the_inbox_gets_it_and_an_incident_says_so(desk: AlarmDesk) -> None:
    """Its remedy sets one, which ends it."""
    await desk.open()
    await desk.step(rounds=3)
    unreachable = await desk.incident("no_recipient")
    assert [each.action for each in unreachable.actions] == ["set_recipient"]
    assert len(await desk.texts(INBOX)) == 2
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open("monitor:other")
    await desk.step()
    assert not (await desk.incident("no_recipient")).is_open


async def test_without_an_acknowledgement_the_next_gets_it(two: AlarmDesk) -> None:
    """One that a person has acknowledged goes no further."""
    people = [
        AlarmRecipient(channel="telegram", account_id=each.account_id, to=each.to) for each in (OPS, SECOND)
    ]
    await two.rule(*people, escalate_after_min=5)
    await two.open()
    await two.open("monitor:other")
    await two.step()
    await two.settle()
    await two.step()
    await two.incidents.acknowledge((await two.incident("monitor:other")).id, "ani")
    await two.step(4 * 60)
    assert not await two.texts(SECOND.account)
    await two.step(60)
    [text] = await two.texts(SECOND.account)
    assert text.endswith("No one has acknowledged it yet.")
    assert [each.phase for each in (await two.incident()).deliveries] == ["opened", "escalated"]


async def test_the_loop_loads_the_sender_once_an_incident_is_due(desk: AlarmDesk) -> None:
    """A process without incidents keeps the memory that rules, channels and calendars would take."""
    loop = AlarmLoop(desk.link, desk.scripts, desk.clock, desk.settings, "worker-1")
    assert await loop.work() == 0
    assert loop._treat is None
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open()
    assert await loop.work() == 1
    assert len(await desk.texts(OPS.account)) == 1


async def test_a_silenced_incident_sends_nothing_until_its_silence_ends(two: AlarmDesk) -> None:
    """Then it says that it is over, to those who got the alarm."""
    incident = await two.open()
    await two.step()
    await two.settle()
    await two.step()
    now_ms = await two.sender._reader.now_ms()
    await two.incidents.silence(incident.id, "ani", now_ms + 3_600_000)
    await two.incidents.close("monitor:shop")
    await two.step(60)
    assert len(await two.texts(OPS.account)) == 1
    await two.step(3_600)
    assert len(await two.texts(OPS.account)) == 2


async def test_quiet_hours_hold_what_is_over_by_then(desk: AlarmDesk) -> None:
    """An alarm that came and went sends nothing; one that still holds is sent when the hours end."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.job("over", inputs={"quiet": ALWAYS.model_dump(mode="json")})
    await desk.job("holds", inputs={"quiet": ALWAYS.model_dump(mode="json")})
    await desk.open("monitor:over", job_id="over")
    await desk.open("monitor:holds", job_id="holds")
    await desk.step()
    await desk.incidents.close("monitor:over")
    await desk.step(60)
    assert not await desk.messages()
    record = await desk.jobs.get("holds")
    awake = record.spec.model_copy(update={"inputs": {**record.spec.inputs, "quiet": None}})
    await desk.jobs.replace(awake, expected_version=None, actor="test", origin="test")
    await desk.step(24 * 3_600)
    [text] = await desk.texts(OPS.account)
    assert "Job holds." in text


async def test_many_incidents_are_one_digest(desk: AlarmDesk) -> None:
    """A storm is one message for a recipient, and so is its end."""
    await desk.account()
    await desk.default.put(OPS, "test")
    for number in range(12):
        await desk.open(f"monitor:{number}", job_id=f"job-{number}")
    await desk.step()
    await desk.settle()
    await desk.step()
    [text] = await desk.texts(OPS.account)
    assert text.startswith("12 new incidents:\n• DOWN: https://shop.example since ")
    assert {len((await desk.incident(f"monitor:{number}")).deliveries) for number in range(12)} == {1}
    for number in range(12):
        await desk.incidents.close(f"monitor:{number}")
    await desk.step()
    assert (await desk.texts(OPS.account))[-1].startswith("12 incidents are over:\n")


async def test_messages_from_the_future_hold_up_no_alarm(desk: AlarmDesk, link: RedisLink) -> None:
    """The clock went back after a storm: the next alarm does not wait for its gap."""
    await desk.account()
    await desk.default.put(OPS, "test")
    later_ms = desk.clock.now_ms() + 3_600_000
    key = desk.scripts.keys.alarm_recent(_place_key(OPS.account, OPS.to))
    for number in range(STORM_MESSAGES + 1):
        await link.call("ZADD", key, later_ms, f"m{number}")
    await link.call("PEXPIRE", key, 60_000)
    await desk.open()
    await desk.step()
    assert len(await desk.texts(OPS.account)) == 1


async def test_a_rule_collects_messages_for_its_digest(desk: AlarmDesk) -> None:
    """The first goes out at once; what comes within the minutes is one message at their end."""
    await desk.account()
    await desk.rule(AlarmRecipient(channel="telegram", to=OPS.to), digest_min=10)
    await desk.open("monitor:1")
    await desk.step()
    await desk.open("monitor:2")
    await desk.open("monitor:3")
    await desk.step(60)
    assert len(await desk.texts(OPS.account)) == 1
    await desk.step(10 * 60)
    assert (await desk.texts(OPS.account))[-1].startswith("2 new incidents:\n")


async def test_the_jobs_own_recipient_comes_first(two: AlarmDesk) -> None:
    """Monitors of one host with two recipients are one incident that both get."""
    for number, to in enumerate(("1", "2")):
        notify = {"channel": "telegram", "account_id": "bot_a01", "to": to}
        await two.job(f"job-{number}", inputs={"notify": notify})
        await two.open(job_id=f"job-{number}")
        await two.step()
    assert [each.to for each in await two.messages()] == ["1", "2"]


async def test_each_recipient_reads_its_own_language(desk: AlarmDesk) -> None:
    """That of the rule, and that of the contact with the address."""
    await desk.account()
    await desk.rule(AlarmRecipient(channel="telegram", to=OPS.to, language="id"))
    await desk.open()
    await desk.step()
    [text] = await desk.texts(OPS.account)
    assert text.startswith("MATI: https://shop.example sejak ")
    assert "(3 pemeriksaan)" in text


async def test_buttons_are_below_alarms_of_chats_that_may_give_commands(desk: AlarmDesk) -> None:
    """Elsewhere a press would have no effect."""
    await desk.account(commands=True, allow_chats=(OPS.to,))
    await desk.rule(AlarmRecipient(channel="telegram", to=OPS.to))
    incident = await desk.open()
    await desk.step()
    [message] = await desk.messages()
    assert [each.data for each in message.buttons] == [
        f"inc:{act}:{incident.id}" for act in ("ack", "mute", "run")
    ]


async def test_an_info_needs_a_rule(desk: AlarmDesk) -> None:
    """Without one, only warnings and worse are sent."""
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.open(severity="info")
    await desk.step()
    assert not await desk.messages()
    await desk.rule(
        AlarmRecipient(channel="telegram"), min_severity="info", kinds=[IncidentKind.MONITOR_DOWN]
    )
    await desk.open("monitor:other", severity="info")
    await desk.step()
    assert len(await desk.messages()) == 1
