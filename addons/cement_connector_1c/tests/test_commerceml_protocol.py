# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The words of the exchange, file names, archives and the choice of a batch."""

import base64
import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import protocol
from ..tools.archive import ArchiveError, ArchiveLimits, iter_members
from ..tools.batch import BatchRules, Candidate, plan_batch
from .kernel import KernelCase

TOKEN = "0123456789abcdef" * 2


class TestAnswers(KernelCase):
    def test_checkauth_names_an_own_cookie(self):
        lines = protocol.checkauth_answer(TOKEN).split("\n")
        self.assertEqual(lines, ["success", "cml_sid", TOKEN, f"sessid={TOKEN}"])

    def test_init_has_exactly_two_lines(self):
        answer = protocol.init_answer(file_limit=10485760, token=TOKEN)
        self.assertEqual(answer, "zip=no\nfile_limit=10485760")

    def test_init_has_four_for_a_client_with_a_version(self):
        answer = protocol.init_answer(file_limit=1, token=TOKEN, version="2.09")
        lines = ["zip=no", "file_limit=1", f"sessid={TOKEN}", "version=2.09"]
        self.assertEqual(answer.split("\n"), lines)

    def test_answers_are_never_empty_and_keep_to_their_lines(self):
        self.assertEqual(protocol.failure(""), "failure\nerror")
        self.assertEqual(protocol.failure("a\r\nb\n\nc"), "failure\na b c")
        self.assertEqual(protocol.progress("300 из 2100"), "progress\n300 из 2100")
        self.assertEqual(protocol.success(), "success")
        self.assertLess(len(protocol.failure("x" * 5000)), 600)

    def test_answers_are_taken_apart(self):
        answer = protocol.parse_answer("success\r\ncml_sid\r\nabc")
        self.assertTrue(answer.ok)
        self.assertEqual(answer.lines, ("cml_sid", "abc"))
        self.assertEqual(protocol.parse_answer("<html>").word, "failure")
        self.assertEqual(protocol.parse_answer("").word, "failure")
        self.assertEqual(protocol.parse_answer("\ufeffProgress\n1").word, "progress")


class TestCredentials(KernelCase):
    def header(self, raw: bytes, scheme: str = "Basic") -> str:
        return f"{scheme} {base64.b64encode(raw).decode()}"

    def test_basic(self):
        for raw, pair in (
            (b"1c:secret", ("1c", "secret")),
            (b"1c:a:b", ("1c", "a:b")),
            ("обмен:пароль".encode(), ("обмен", "пароль")),
            ("обмен:пароль".encode("cp1251"), ("обмен", "пароль")),
            (b":", ("", "")),
        ):
            self.assertEqual(protocol.parse_basic(self.header(raw)), pair)
            self.assertEqual(protocol.parse_basic(self.header(raw, "BASIC")), pair)

    def test_what_is_not_basic(self):
        for header in (
            None,
            "",
            "Basic",
            "Bearer abc",
            "Basic %%%",
            self.header(b"nocolon"),
            "Basic " + "A" * 8000,
        ):
            self.assertIsNone(protocol.parse_basic(header))

    def test_session_token_from_cookie_or_sessid(self):
        self.assertEqual(protocol.parse_token(None, TOKEN), TOKEN)
        self.assertEqual(protocol.parse_token(f"sessid={TOKEN}"), TOKEN)
        self.assertEqual(protocol.parse_token("' OR 1=1", TOKEN), TOKEN)
        self.assertEqual(protocol.parse_token("", None, "x" * 500), "")


class TestFileNames(KernelCase):
    def test_names_seen_in_the_wild(self):
        for name, safe in (
            ("import0_1.xml", "import0_1.xml"),
            ("orders-4d1c-1.xml", "orders-4d1c-1.xml"),
            ("import_files/aa/aa.jpg", "import_files/aa/aa.jpg"),
            ("import_files\\aa\\aa.jpg", "import_files/aa/aa.jpg"),
            ("/tmp/import.xml", "import.xml"),
            ("upload/1c/webdata/import.xml", "import.xml"),
            ("v8_AB12.zip", "v8_AB12.zip"),
            ("Выгрузка 1.xml", "Выгрузка 1.xml"),
            ("import___a-b.xml", "import___a-b.xml"),
        ):
            self.assertEqual(protocol.sanitise_filename(name), safe)

    def test_names_that_climb_or_hide(self):
        for name in (
            None,
            "",
            " ",
            ".",
            "..",
            "../x.xml",
            "a/../../x.xml",
            "a\\..\\x.xml",
            "/etc/passwd",
            "/tmp//etc/passwd",
            "/tmp/../etc/passwd",
            "C:\\x.xml",
            "c:x.xml",
            "a//b.xml",
            "a/ /b.xml",
            ".htaccess",
            "a/.ssh/x",
            "a\x00.xml",
            "a\nb.xml",
            "x" * 300,
            "a/" * 20 + "b",
            "nul",
            "COM1.xml",
            "a/.../b",
        ):
            with self.assertRaises(protocol.FileNameError, msg=repr(name)):
                protocol.sanitise_filename(name)

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=60) | st.from_regex(r"[./\\ a:]{1,20}", fullmatch=True))
    def test_what_passes_stays_below_the_folder(self, name):
        try:
            safe = protocol.sanitise_filename(name)
        except protocol.FileNameError:
            return
        parts = safe.split("/")
        self.assertTrue(all(part and not part.startswith(".") for part in parts))
        self.assertNotIn("\\", safe)
        self.assertEqual(protocol.sanitise_filename(safe), safe)

    def test_versions(self):
        self.assertEqual(protocol.version_tuple("2.09"), (2, 9))
        self.assertEqual(protocol.version_tuple("3.1"), (3, 1))
        self.assertEqual(protocol.version_tuple(None), ())
        self.assertEqual(protocol.version_tuple("x.y"), ())


class TestArchives(KernelCase):
    def zip(self, **members: bytes) -> io.BytesIO:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return io.BytesIO(buffer.getvalue())

    def unpack(self, source: io.BytesIO, **limits) -> dict[str, bytes]:
        limits = ArchiveLimits(**limits)
        return {name: s.read() for name, s in iter_members(source, limits)}

    def test_plain(self):
        source = self.zip(**{"import0_1.xml": b"<a/>", "pic/a.jpg": b"x"})
        self.assertEqual(
            self.unpack(source), {"import0_1.xml": b"<a/>", "pic/a.jpg": b"x"}
        )

    def test_bomb(self):
        source = self.zip(**{"import.xml": b"\0" * (50 << 20)})
        with self.assertRaises(ArchiveError):
            self.unpack(source)

    def test_a_bomb_whose_header_lies(self):
        source = self.zip(**{"import.xml": b"\0" * (5 << 20)})
        with self.assertRaises(ArchiveError):
            self.unpack(source, ratio=10**9, total_bytes=1 << 20)

    def test_too_many_members(self):
        source = self.zip(**{f"{n}.xml": b"" for n in range(20)})
        with self.assertRaises(ArchiveError):
            self.unpack(source, members=10)

    def test_too_many_tables(self):
        """Each XML file is an exchange of its own: thousands hold the door for
        minutes; pictures do not."""
        tables = {f"{n}.xml": b"" for n in range(20)}
        with self.assertRaises(ArchiveError):
            self.unpack(self.zip(**tables), tables=10)
        pictures = {f"{n}.jpg": b"" for n in range(20)}
        self.assertEqual(len(self.unpack(self.zip(**pictures), tables=10)), 20)

    def test_names_that_climb(self):
        with self.assertRaises(ArchiveError):
            self.unpack(self.zip(**{"../../x.xml": b"x"}))

    def test_broken(self):
        whole = self.zip(**{"a.xml": b"<a/>" * 100}).getvalue()
        for data in (b"PK", b"", whole[:-10], whole[: len(whole) // 2]):
            with self.assertRaises(ArchiveError):
                self.unpack(io.BytesIO(data))


class TestBatches(KernelCase):
    """Poison orders: section 7 of the 1C sheet, as a simulation of both sides."""

    RULES = BatchRules(size=100, batch_tries=3, single_tries=3)

    def exchange(self, orders: set[int], poison: set[int], rules=RULES) -> list[tuple]:
        """Run queries until nothing is left to offer; return what was offered."""
        state = {key: [0, 0] for key in sorted(orders)}
        log = []
        for _round in range(1000):
            rows = [
                Candidate(key=key, batch_tries=tries[0], single_tries=tries[1])
                for key, tries in state.items()
            ]
            plan = plan_batch(rows, rules)
            for key in plan.quarantine:
                del state[key]
                for tries in state.values():
                    tries[:] = [0, 0]
            log.append((plan.offer, plan.quarantine))
            if not plan.offer:
                return log
            if poison & set(plan.offer):
                for key in plan.offer:
                    state[key][1 if plan.alone else 0] += 1
            else:
                for key in plan.offer:
                    del state[key]
        raise AssertionError("the exchange never ends")

    def test_good_orders_go_at_once(self):
        self.assertEqual(self.exchange({1, 2, 3}, set()), [((1, 2, 3), ()), ((), ())])

    def test_a_poison_order_is_found_and_the_rest_goes_on(self):
        log = self.exchange({1, 2, 3, 4}, {2})
        batch = ((1, 2, 3, 4), ())
        self.assertEqual(log[:3], [batch] * 3)
        self.assertEqual(log[3:7], [((1,), ()), ((2,), ()), ((2,), ()), ((2,), ())])
        self.assertEqual(log[7], ((3, 4), (2,)))
        self.assertEqual(log[8], ((), ()))

    def test_a_batch_has_a_size(self):
        log = self.exchange(set(range(250)), set())
        self.assertEqual([len(offer) for offer, _bad in log], [100, 100, 50, 0])

    @settings(max_examples=100, deadline=None)
    @given(
        st.sets(st.integers(0, 40), max_size=25),
        st.sets(st.integers(0, 40), max_size=5),
        st.integers(1, 8),
    )
    def test_exactly_the_poison_ends_in_quarantine(self, orders, poison, size):
        rules = BatchRules(size=size)
        log = self.exchange(orders, poison, rules)
        quarantined = {key for _offer, bad in log for key in bad}
        self.assertEqual(quarantined, orders & poison)
