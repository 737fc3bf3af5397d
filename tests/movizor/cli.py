"""Command line of the stand-in; it runs as a process of its own."""

import argparse
import json
import signal
import sys
import time
import urllib.error
import urllib.request

from .road import Truck
from .server import Standin
from .service import Service


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit code."""
    args = _parser().parse_args(argv)
    return {"run": _run, "push": _push}[args.command](args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m tests.movizor")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="служба, которая водит телефоны по дороге")
    run.add_argument("--port", type=int, default=8791)
    run.add_argument(
        "--every", type=float, default=5, help="новая точка раз в N секунд"
    )
    run.add_argument("--faster", type=float, default=4, help="во сколько раз быстрее")
    run.add_argument("--consent", type=float, default=5, help="секунд до согласия")
    run.add_argument("--project", default="cement")
    run.add_argument("--key", default="demo-key")
    run.add_argument(
        "--plan",
        action="append",
        default=[],
        help="79000000000=reject|silent|wrong|exists: что сделает водитель",
    )
    push = commands.add_parser("push", help="трекер, который сам шлёт координаты")
    push.add_argument("--url", required=True)
    push.add_argument("--token", required=True)
    push.add_argument("--unit", required=True)
    push.add_argument("--from", dest="start", required=True, help="широта,долгота")
    push.add_argument("--to", dest="end", required=True, help="широта,долгота")
    push.add_argument("--every", type=float, default=5)
    push.add_argument("--faster", type=float, default=4)
    push.add_argument("--count", type=int, default=0, help="0 = без конца")
    push.add_argument("--shape", choices=["wialon", "egts"], default="wialon")
    return parser


def _run(args) -> int:
    service = Service(
        args.project,
        args.key,
        consent_after=args.consent,
        speed=55.0 * args.faster,
        fix_every=args.every,
        stand=20 * 60.0 / args.faster,
        wait=60.0,
    )
    for plan in args.plan:
        phone, _sep, what = plan.partition("=")
        service.plans[phone] = what
    standin = Standin(service, args.port)
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(0))
    with standin:
        print(f"Movizor: http://127.0.0.1:{standin.port}/api_2/{args.project}/")
        try:
            while True:
                time.sleep(3600)
        except (KeyboardInterrupt, SystemExit):
            return 0


def _push(args) -> int:
    start = tuple(map(float, args.start.split(",")))
    end = tuple(map(float, args.end.split(",")))
    truck = Truck(start, end, time.time(), speed=55.0 * args.faster, wait=0)
    sent = 0
    while not args.count or sent < args.count:
        now = time.time()
        body = json.dumps(message(args.shape, args.unit, truck.place(now), now))
        request = urllib.request.Request(  # noqa: S310 own server
            args.url, body.encode(), {"X-Token": args.token}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                print(answer.read().decode())
        except urllib.error.HTTPError as error:
            print(error.code, error.read().decode())
            return 1
        sent += 1
        if not args.count or sent < args.count:
            time.sleep(args.every)
    return 0


def message(shape: str, unit: str, place, now: float) -> dict:
    """Return one message as the gateway would send it."""
    lat, lon = place
    if shape == "wialon":
        pos = {"y": lat, "x": lon, "s": 55, "c": 270, "t": int(now)}
        return {"unit": unit, "pos": pos}
    return {
        "client": unit,
        "latitude": lat,
        "longitude": lon,
        "speed": 55,
        "course": 270,
        "navigation_unix_time": int(now),
        "received_unix_time": int(now) + 1,
    }
