"""Headless Chromium and its pages.

Playwright is run on an event loop in a thread of its own. Its own API without ``await`` leaves a
running loop in the thread that it is called from, where nothing else could then use ``asyncio``:
in a test run, notebooks do.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from attrs import field, frozen
from playwright import async_api as playwright

from tools.browser.finding import find

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
)
PATIENCE: Final = 30_000
"""How long a page may take for anything, in ms: what takes longer hangs."""

T = TypeVar("T")


class _Loop:
    """An event loop in a thread; :meth:`run` waits for what is done there."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browser", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@frozen
class Heard:
    """What a page has said and asked for since it was opened."""

    console: list[str] = field(factory=list)
    """Messages, each with its level in front: ``error: …``."""
    errors: list[str] = field(factory=list)
    """Errors that nobody caught."""
    requests: list[str] = field(factory=list)
    """The address of everything that was loaded; the first is the page's own."""
    dialogs: list[str] = field(factory=list)
    """What ``alert`` and the like said; they are dismissed."""


class PageError(Exception):
    """Nobody caught an error in the page, which is therefore not waited for."""


class Page:
    """One page, with its own context: no page knows of another."""

    def __init__(self, loop: _Loop, tab: playwright.Page) -> None:
        self._loop = loop
        self.tab = tab
        """Playwright's page: what it does is given to :meth:`run`."""
        self.heard = Heard()
        tab.set_default_timeout(PATIENCE)
        tab.on("console", lambda said: self.heard.console.append(f"{said.type}: {said.text}"))
        tab.on("pageerror", lambda error: self.heard.errors.append(str(error)))
        tab.on("request", lambda request: self.heard.requests.append(request.url))
        tab.on("dialog", self._dismiss)

    async def _dismiss(self, dialog: playwright.Dialog) -> None:
        self.heard.dialogs.append(dialog.message)
        await dialog.dismiss()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do a thing of Playwright's: ``page.run(page.tab.screenshot())``."""
        return self._loop.run(work)

    def open(self, file: Path) -> None:
        """Open a file from disk, and wait until it is loaded."""
        self.run(self.tab.goto(file.resolve().as_uri()))

    def ask(self, script: str, argument: object = None) -> Any:
        """The value of an expression, or of a function of ``argument``, in the page."""
        return self.run(self.tab.evaluate(script, argument))

    def until(self, script: str, argument: object = None) -> None:
        """Wait until such an expression is true. Raises ``PageError`` if the page has failed."""
        self.run(self._until(script, argument))

    async def _until(self, script: str, argument: object) -> None:
        # Not `wait_for_function`: that makes functions of text, which a page's policy forbids.
        async with asyncio.timeout(PATIENCE / 1000):
            while not await self.tab.evaluate(script, argument):
                if self.heard.errors:
                    raise PageError("; ".join(self.heard.errors))
                await asyncio.sleep(0.01)

    def drawn(self) -> None:
        """Wait until the browser has drawn what was changed before."""
        self.ask("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def press(self, *keys: str) -> None:
        """Press keys one after another, by their names: ``ArrowRight``, ``Shift+Tab``, ``/``."""
        for key in keys:
            self.run(self.tab.keyboard.press(key))

    def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.run(self.tab.keyboard.type(text))

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window, in CSS pixels."""
        self.run(self.tab.mouse.click(x, y))

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Press at one place and let go at another, with a step between."""
        mouse = self.tab.mouse
        self.run(mouse.move(x, y))
        self.run(mouse.down())
        self.run(mouse.move(to_x, to_y, steps=4))
        self.run(mouse.up())

    def shows(self, scheme: str) -> None:
        """Be asked for ``light`` or ``dark`` by the system."""
        chosen: Any = scheme
        self.run(self.tab.emulate_media(color_scheme=chosen))
        self.until("scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme)
        self.drawn()

    def picture(self, file: Path | None = None) -> bytes:
        """A PNG of the window."""
        return self.run(self.tab.screenshot(path=file))

    def close(self) -> None:
        """Close it, and its context."""
        self.run(self.tab.context.close())


class Chromium:
    """A browser, as long as a ``with`` block lasts. Raises ``NoBrowserError`` if there is none."""

    def __init__(self) -> None:
        self._path = find()

    def __enter__(self) -> Self:
        self._loop = _Loop()
        try:
            self._loop.run(self._start())
        except BaseException:
            self._loop.close()
            raise
        return self

    async def _start(self) -> None:
        self._playwright = await playwright.async_playwright().start()
        self._browser = await self._playwright.chromium.launch(
            executable_path=self._path, args=list(FLAGS), timeout=PATIENCE
        )

    def page(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        """An empty page of that size; ``options`` are those of Playwright's ``new_context``."""
        return self._loop.run(self._page(width, height, options))

    async def _page(self, width: int, height: int, options: dict[str, Any]) -> Page:
        size: Any = {"width": width, "height": height}
        context = await self._browser.new_context(viewport=size, **options)
        return Page(self._loop, await context.new_page())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.run(self._stop())
        self._loop.close()

    async def _stop(self) -> None:
        await self._browser.close()
        await self._playwright.stop()
