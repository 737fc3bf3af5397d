# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Command line of the stand-in; it runs as a process of its own."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from . import papers
from .scenario import Scenario
from .server import Cabinet


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit code."""
    args = _parser().parse_args(argv)
    scenario = Scenario(args.scenario, args.seed)
    if args.command == "write":
        for _step in range(args.steps):
            scenario.advance(moves=args.moves)
        write = papers.csv_report if args.file.suffix == ".csv" else papers.xlsx_report
        args.file.write_bytes(write(scenario.wagons))
        return 0
    server = Cabinet(args.port, scenario, args.login, args.password, polls=0).start()
    print(f"rzd: {server.url}, {len(scenario.wagons)} wagons", flush=True)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_args: stop.set())
    while not stop.wait(args.every):
        moved = scenario.advance(moves=args.moves)
        if args.verbose:
            for wagon in moved:
                print(wagon.number, wagon.operation[1], wagon.station.name, flush=True)
    server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.rzd", description=__doc__)
    parser.add_argument("command", choices=("run", "write"))
    parser.add_argument("--port", type=int, default=8792)
    parser.add_argument("--every", type=float, default=45, help="шаг раз в N секунд")
    parser.add_argument("--moves", type=int, default=1, help="вагонов за шаг")
    parser.add_argument("--scenario", type=Path, help="вагоны из файла JSON")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--login", default="cement")
    parser.add_argument("--password", default="demo")
    parser.add_argument(
        "--db-less", action="store_true", help="ничего не хранит (так всегда)"
    )
    parser.add_argument("--verbose", action="store_true")
    write = parser.add_argument_group("write: отчёт в файл")
    write.add_argument("--file", type=Path, default=Path("dislocation.xlsx"))
    write.add_argument("--steps", type=int, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
