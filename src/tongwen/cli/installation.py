"""What every command needs: settings, a running database, and errors said in one line."""

from __future__ import annotations

import functools
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Any, NoReturn, TypeVar

import click

FAILED, UNREADABLE, UNAVAILABLE, INTERRUPTED = 1, 3, 4, 130

Function = TypeVar("Function", bound=Callable[..., Any])


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say on standard error, in one line, what is wrong and what to do, and end with the code."""
    click.echo("tongwen: " + " ".join(message.split()), err=True)
    sys.exit(code)


def set_up() -> None:
    """Load the settings that DJANGO_SETTINGS_MODULE names (config.__main__ has seen to it)."""
    import django

    try:
        django.setup()
    except PermissionError as error:
        fail(f"{error.filename} cannot be written: choose another folder with TONGWEN_HOME", UNAVAILABLE)
    except OSError as error:
        fail(f"the folder of TONGWEN_HOME cannot be used: {error}", UNAVAILABLE)
    except ValueError as error:
        fail(f"the settings cannot be read: {error}. Check DATABASE_URL and the TONGWEN_ variables", UNAVAILABLE)


@contextmanager
def database() -> Iterator[None]:
    """Have the embedded server run, or check that the one of DATABASE_URL answers; say errors of the block in words.

    SIGTERM and SIGHUP end the block as Ctrl-C does, so that the server is stopped in order.
    """
    with _in_words(), _ended_by_signals(), _server():
        from django.db import OperationalError, connection, connections

        try:
            connection.ensure_connection()
        except OperationalError as error:
            fail(f"the database does not answer: {error}. Check DATABASE_URL", UNAVAILABLE)
        try:
            yield
        finally:
            connections.close_all()


def _server() -> Any:
    from django.conf import settings

    from tongwen.core import embedded_postgres

    if not settings.TONGWEN_DATABASE_IS_EMBEDDED:
        return nullcontext()
    return embedded_postgres.running(settings.TONGWEN_DATABASE_FOLDER)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def installed(function: Function) -> Function:
    """Run a command with settings and an up-to-date database, and turn expected errors into one line."""

    @functools.wraps(function)
    def run(*arguments: Any, **options: Any) -> None:
        set_up()
        with database():
            _check_migrations()
            function(*arguments, **options)

    return run  # type: ignore[return-value]


def listing(name: str) -> Callable[[Callable[[bool], None]], click.Group]:
    """Make a group of commands of a function that lists something, for people or as JSON, when none is named."""

    def make(function: Callable[[bool], None]) -> click.Group:
        @click.group(name, invoke_without_command=True, help=function.__doc__)
        @click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
        @click.pass_context
        def group(context: click.Context, as_json: bool) -> None:
            if context.invoked_subcommand is None:
                function(as_json)

        return group

    return make


def _check_migrations() -> None:
    from tongwen.cli import setup

    if setup.pending_migrations():
        fail("the database is not up to date: run `tongwen setup`", UNAVAILABLE)


def run_and_say_errors(function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Call a function; errors that a person can do something about end the command with one line."""
    with _in_words():
        function(*arguments, **options)


@contextmanager
def _in_words() -> Iterator[None]:
    from concurrent.futures.process import BrokenProcessPool

    from django.db import DatabaseError

    from tongwen.core import embedded_postgres
    from tongwen.core.postgres import portal_role
    from tongwen.core.search import port
    from tongwen.domain.catalogue import services
    from tongwen.domain.catalogue import types as catalogue
    from tongwen.domain.members import types as members

    try:
        yield
    except KeyboardInterrupt:
        fail("interrupted; what is committed stays, `tongwen batches` shows where it stands", INTERRUPTED)
    except catalogue.UnreadableFile as error:
        fail(f"no records in this file: {error}", UNREADABLE)
    except (
        members.UnknownInstitution,
        catalogue.UnknownBib,
        catalogue.UnknownBatch,
        catalogue.UnknownReview,
        catalogue.UnknownMerge,
        catalogue.UnknownProfile,
        catalogue.BadProfile,
        catalogue.NotAllowedNow,
    ) as error:
        fail(str(error))
    except (
        embedded_postgres.PostgresUnavailable,
        portal_role.PortalRoleRefused,
        port.IndexUnusable,
        port.WriterBusy,
    ) as error:
        fail(str(error), UNAVAILABLE)
    except port.IndexWriteFailed as error:
        advice = "is there space on the disk? What is loaded is safe: the next command brings the index in step"
        fail(f"{error}: {advice}", UNAVAILABLE)
    except (DatabaseError, OSError, BrokenProcessPool) as error:
        fail(services.explain_failure(error), UNAVAILABLE)


def print_json(value: Any) -> None:
    """Write a value as JSON to standard output, for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2))
