"""PDFs for tests, made by hand: lines of text on pages, and what can be wrong with them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(*pages: Sequence[str]) -> bytes:
    """A document with these lines on its pages."""
    return assembled([_drawn(lines) for lines in pages])


def assembled(streams: Sequence[bytes]) -> bytes:
    """A document whose pages are drawn by these streams of operators."""
    numbers = range(4, 4 + 2 * len(streams), 2)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(streams), b" ".join(b"%d 0 R" % number for number in numbers)),
        _FONT,
    ]
    for number, stream in zip(numbers, streams, strict=True):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        packed = zlib.compress(stream)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def protected(content: bytes, user: str, owner: str = "owner") -> bytes:
    """The same document, encrypted; an empty ``user`` password lets everybody read it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user, owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(lines: Sequence[str]) -> bytes:
    shown = [b"(%s) Tj T*" % _escaped(line) for line in lines]
    return b"BT /F1 11 Tf 14 TL 60 780 Td\n%s\nET" % b"\n".join(shown)


def _escaped(line: str) -> bytes:
    for mark in "\\()":
        line = line.replace(mark, f"\\{mark}")
    return line.encode("cp1252")
