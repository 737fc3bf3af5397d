"""Command line of the stand-in; it runs as a process of its own.

Exit code: 0 all went well, 1 the exchange failed as it would in 1C, 2 it went well
but real 1C would have had something to complain about.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from .client import Client, Settings, local_now
from .infobase import Faults, Infobase
from .wire import ExchangeError, Options


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit code."""
    args = _parser().parse_args(argv)
    infobase = Infobase(
        Path(args.state) if args.state else None,
        Faults(crash_on=set(args.crash_on), refuse_on=set(args.refuse)),
    )
    client = Client(args.url, args.login, args.password, infobase, _settings(args))
    report: dict = {"ok": True, "error": ""}
    try:
        _COMMANDS[args.command](client, args, report)
    except ExchangeError as error:
        report.update(ok=False, error=str(error))
    except KeyboardInterrupt:
        pass
    infobase.save()
    report["complaints"] = client.complaints
    report["requests"] = client.log
    _print(report, args)
    if not report["ok"]:
        return 1
    return 2 if client.complaints and not args.lenient else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.onec", description=__doc__)
    parser.add_argument("command", choices=sorted(_COMMANDS))
    parser.add_argument("--url", required=True)
    parser.add_argument("--login", required=True)
    parser.add_argument("--password", default=os.environ.get("ONEC_PASSWORD", ""))
    parser.add_argument("--state", help="файл с тем, что «1С» помнит между запусками")
    parser.add_argument("--json", action="store_true", help="отчёт в JSON")
    parser.add_argument("--lenient", action="store_true")
    parser.add_argument("--every", type=float, default=10, help="run: раз в N секунд")
    parser.add_argument("--cycles", type=int, default=0, help="run: 0 = без конца")
    parser.add_argument("--catalog", action="store_true", help="run: сначала товары")
    parser.add_argument("--file", action="append", default=[], type=Path)
    parser.add_argument("--name", action="append", default=[], help="имя для --file")
    parser.add_argument(
        "--advance", type=int, default=0, help="шагов жизни до отправки"
    )
    parser.add_argument("--delete", action="append", default=[], help="пометить номер")
    parser.add_argument("--status-text", default="", help="реквизит «Статус заказа»")
    parser.add_argument("--all", action="store_true", help="слать и неизменённое")
    faults = parser.add_argument_group("особенности и сбои")
    faults.add_argument("--crash-on", action="append", default=[])
    faults.add_argument("--refuse", action="append", default=[])
    faults.add_argument("--no-success", action="store_true")
    faults.add_argument("--no-import", action="store_true")
    faults.add_argument("--no-sessid", action="store_true")
    faults.add_argument("--no-cookie", action="store_true")
    faults.add_argument("--no-basic", action="store_true", help="после checkauth")
    faults.add_argument("--version", default="")
    faults.add_argument("--file-limit", type=int)
    faults.add_argument("--portion", type=int, default=50)
    faults.add_argument("--abort-after", type=int)
    faults.add_argument(
        "--body", choices=["none", "octet", "form", "chunked"], default="octet"
    )
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    return Settings(
        wait_for_import=not args.no_import,
        version=args.version,
        file_limit=args.file_limit,
        portion=args.portion,
        send_success=not args.no_success,
        abort_after=args.abort_after,
        options=Options(
            send_session_id=not args.no_sessid,
            send_cookie=not args.no_cookie,
            body=args.body,
            authorization_after_checkauth=not args.no_basic,
        ),
    )


def _check(client: Client, _args, _report: dict) -> None:
    client.check()


def _pull(client: Client, _args, report: dict) -> None:
    result = client.pull()
    report.update(
        created=result.created,
        rewritten=result.rewritten,
        skipped=result.skipped,
        orders=client.infobase.orders,
    )
    if result.error:
        report.update(ok=False, error=result.error)


def _push_status(client: Client, args, report: dict) -> None:
    infobase = client.infobase
    now = local_now().isoformat()
    for order in infobase.orders.values():
        for _step in range(args.advance):
            infobase.advance(order, now)
        if order["site_number"] in args.delete:
            order.update(deleted=True, version=order["version"] + 1)
        if args.status_text:
            order.update(status_text=args.status_text, version=order["version"] + 1)
    orders = list(infobase.orders.values()) if args.all else None
    report["told"] = client.push_status(orders)


def _push_catalog(client: Client, args, report: dict) -> None:
    _push_files(client, args, report, "catalog")


def _push_sale(client: Client, args, report: dict) -> None:
    _push_files(client, args, report, "sale")


def _push_files(client: Client, args, report: dict, kind: str) -> None:
    names = args.name or [path.name for path in args.file]
    files = [
        (name, path.read_bytes()) for name, path in zip(names, args.file, strict=True)
    ]
    if kind == "catalog" and not files:
        client.push_catalog()
        return
    errors = client.push(kind, files)
    if errors:
        report.update(ok=False, error="; ".join(errors))


def _run(client: Client, args, report: dict) -> None:
    if args.catalog:
        client.push_catalog()
        _say("товары и цены отправлены на портал")
    count = 0
    while True:
        count += 1
        try:
            fresh, told = client.cycle()
        except ExchangeError as error:
            _say(f"обмен не удался: {error}")
        else:
            if fresh.created:
                _say(f"приняты заказы: {', '.join(fresh.created)}")
            if fresh.error:
                _say(f"пакет не принят: {fresh.error}")
            if told:
                _say(f"отправлены состояния заказов: {told}")
            report.update(orders=client.infobase.orders)
        if args.cycles and count >= args.cycles:
            return
        time.sleep(args.every)


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} 1С: {text}\n")
    sys.stdout.flush()


def _print(report: dict, args: argparse.Namespace) -> None:
    if args.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return
    for line in report["requests"] if args.command != "run" else ():
        sys.stdout.write(f"  {line}\n")
    for line in report["complaints"]:
        sys.stdout.write(f"  ! {line}\n")
    sys.stdout.write(f"{'готово' if report['ok'] else 'ошибка: ' + report['error']}\n")


_COMMANDS = {
    "check": _check,
    "pull": _pull,
    "push-status": _push_status,
    "push-catalog": _push_catalog,
    "push-sale": _push_sale,
    "run": _run,
}
