"""Methods that are written once and serve both clients.

A method is a function that returns a flow. On a part of the synchronous client it returns the flow's result,
on a part of the asynchronous one an awaitable of it; type checkers see the same.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from multi_job.client.calls import Listing, Operation
from multi_job.client.drivers import AsyncDriver, SyncDriver
from multi_job.client.flows import Flow, Retries, call, pages

P = ParamSpec("P")
T = TypeVar("T")
D = TypeVar("D", SyncDriver, AsyncDriver)
S = TypeVar("S", bound="Part[Any]")


class Part(Generic[D]):
    """Something that sends calls: a client, a group of its methods, a handle."""

    def __init__(self, driver: D, retries: Retries) -> None:
        self.driver = driver
        self.retries = retries


class Method(Generic[S, P, T]):
    """A method that returns a flow's result."""

    def __init__(self, flow: Callable[Concatenate[S, P], Flow[T]]) -> None:
        self._flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, part: None, owner: type) -> Method[S, P, T]: ...
    @overload
    def __get__(self, part: Part[SyncDriver], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, part: Part[AsyncDriver], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, part: Any, owner: type) -> Any:
        """Return the bound method."""
        if part is None:
            return self

        @functools.wraps(self._flow)
        def run(*args: P.args, **kwargs: P.kwargs) -> Any:
            return part.driver.run(self._flow(part, *args, **kwargs))

        return run


class Iteration(Generic[S, P, T]):
    """A method that returns an iterator over the items of a flow; `item` is their type."""

    def __init__(
        self,
        flow: Callable[Concatenate[S, P], Flow[None]],
        item: type[T] | None = None,  # noqa: ARG002  for type checkers
    ) -> None:
        self._flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, part: None, owner: type) -> Iteration[S, P, T]: ...
    @overload
    def __get__(self, part: Part[SyncDriver], owner: type) -> Callable[P, Generator[T, None, None]]: ...
    @overload
    def __get__(self, part: Part[AsyncDriver], owner: type) -> Callable[P, AsyncGenerator[T, None]]: ...
    def __get__(self, part: Any, owner: type) -> Any:
        """Return the bound method."""
        if part is None:
            return self

        @functools.wraps(self._flow)
        def iterate(*args: P.args, **kwargs: P.kwargs) -> Any:
            return part.driver.iterate(self._flow(part, *args, **kwargs))

        return iterate


def operation(build: Callable[P, Operation[T]]) -> Method[Part[Any], P, T]:
    """Return the method that sends a call and returns its answer."""

    @functools.wraps(build)
    def flow(part: Part[Any], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
        return call(build(*args, **kwargs), part.retries)

    return Method(flow)


def listing(build: Callable[P, Listing[T]]) -> Iteration[Part[Any], P, T]:
    """Return the method that iterates over the items of all pages."""

    @functools.wraps(build)
    def flow(part: Part[Any], *args: P.args, **kwargs: P.kwargs) -> Flow[None]:
        return pages(build(*args, **kwargs), part.retries)

    return Iteration(flow)
