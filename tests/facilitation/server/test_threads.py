"""Between threads and the loop."""

import asyncio
import threading

import pytest

from facilitation.server import threads


def test_who_waits_for_a_loop_that_stops_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(threads, "LOOP_SECONDS", 0.02)
    loop = asyncio.new_event_loop()
    asked = threading.Event()

    async def never_answer() -> None:
        asked.set()
        await asyncio.Event().wait()

    serving = threading.Thread(target=loop.run_forever)
    serving.start()
    monkeypatch.setattr(threads, "serving_loop", lambda: loop)
    stopper = threading.Thread(target=lambda: asked.wait(10) and loop.call_soon_threadsafe(loop.stop))
    stopper.start()
    with pytest.raises(threads.ServerStopped):
        threads.run_in_loop(never_answer)
    serving.join(10)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
