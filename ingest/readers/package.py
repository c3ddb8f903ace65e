"""Reads one member of a package that a collection or a vendor publishes: a wheel or an sdist.

Licence texts come from a pinned wheel, release notes from the newest source distribution. Finding
and opening packages is left to the fetcher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.distributions import package_address, parse_requirement
from ingest.domain import Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, PinMismatchError, ReadError
from ingest.normalise import normalise
from ingest.readers import Known, dated, decoded, one_text, split_front_matter

if TYPE_CHECKING:
    from ingest.distributions import Distribution
    from ingest.fetch import Fetcher

_ALLOWED = {"wheel": "an exact pin NAME==VERSION", "sdist": "NAME or NAME==VERSION"}
_LICENSEDB = ".LICENSE"  # texts that start with lines about themselves


class PackageReader:
    """Options: ``member``, and ``wheel`` (NAME==VERSION) or ``sdist`` (NAME or NAME==VERSION)."""

    revision = "package-1"
    serial = False

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        """See :meth:`ingest.readers.Reader.check`."""
        carriers = options.keys() & _ALLOWED.keys()
        if len(carriers) != 1 or options.keys() - carriers != {"member"}:
            raise CorpusError(
                f"{source_id}: options has the keys {', '.join(sorted(options)) or '(none)'}; "
                "allowed: member, and either wheel or sdist"
            )
        (carrier,) = carriers
        requirement, member = one_text(options, carrier), one_text(options, "member")
        if not _is_allowed(carrier, requirement):
            raise CorpusError(
                f"{source_id}: options.{carrier} is {requirement!r}; allowed: {_ALLOWED[carrier]}"
            )
        if not _is_inside(member):
            raise CorpusError(
                f"{source_id}: options.member is {member!r}; "
                "allowed: a path inside the package, such as docs/CHANGELOG.md"
            )

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[Snapshot]:
        """See :meth:`ingest.readers.Reader.fetch`. A pinned member is fetched once in its life."""
        member = one_text(source.options, "member")
        last = known.last.address if known.last else None
        name, version = parse_requirement(_requirement(source))
        if version is not None and last == package_address(name, version, member):
            return []
        distribution = _distribution(source, fetcher, name, version)
        address = distribution.address(member)
        if last == address:
            return []
        snapshot = Snapshot(
            source=source.id,
            address=address,
            media_type="text/markdown" if member.endswith(".md") else "text/plain",
            fetched_at=now,
            content=distribution.read(member),
            published=distribution.uploaded,
        )
        if known.pinned(address) not in (None, snapshot.sha256):
            raise PinMismatchError(f"{address} came with other bytes than when it was first seen.")
        return [snapshot]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        """See :meth:`ingest.readers.Reader.read`."""
        text = decoded(snapshot)
        if one_text(source.options, "member").endswith(_LICENSEDB):
            _, text = split_front_matter(text)
        text = normalise(text)
        if not text.strip():
            raise ReadError(f"{snapshot.address} holds no text.")
        return dated(source, text, snapshot.published)


def _requirement(source: Source) -> str:
    return one_text(source.options, "wheel") or one_text(source.options, "sdist")


def _distribution(source: Source, fetcher: Fetcher, name: str, version: str | None) -> Distribution:
    if "wheel" in source.options:
        return fetcher.wheel(_requirement(source))
    return fetcher.sdist(name, version)


def _is_allowed(carrier: str, requirement: str) -> bool:
    try:
        _, version = parse_requirement(requirement)
    except CorpusError:
        return False
    return version is not None or carrier == "sdist"


def _is_inside(member: str) -> bool:
    """Whether it is a plain relative path, written in the one way that archives write it."""
    path = PurePosixPath(member)
    plain = path.as_posix() == member and "\\" not in member
    return plain and not path.is_absolute() and not {".", ".."} & {*path.parts, member}
