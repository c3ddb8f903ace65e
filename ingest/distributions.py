"""How a member of a published Python distribution is named, found and read.

A wheel is found by pip, so the user's own settings say where packages come from; single members are
read by range. A source distribution is found on the index that pip is set to, because pip would run
its build code to name it. Owns remotezip and pypi_simple, which are imported where they are used:
whoever only names members need not wait for them. HTTP comes in as the run's fetcher.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property
from io import BytesIO
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from ingest import installer
from ingest.errors import CorpusError, MissingError, PinMismatchError, ReadError, RefusedError
from ingest.installer import Located
from ingest.unpacking import intact, tar_member, zip_member

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage
    from remotezip import PartialBuffer

    from ingest.fetch import Fetched, Fetcher

_WHOLE_WHEEL_BYTES = 250_000_000


class Distribution(Protocol):
    """One version of a published package, whose members can be read one by one.

    ``uploaded`` is the day (UTC) on which it was published, None where that is not known.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def uploaded(self) -> date | None: ...

    def address(self, member: str) -> str:
        """The member's package URL, as :func:`package_address` makes it."""

    def read(self, member: str) -> bytes:
        """Read one member.

        Raises:
            MissingError: there is no such file in the distribution.
            TooLargeError: the member, or the archive around it, is larger than allowed.
            ReadError: the archive is damaged.
            FetchError: as :meth:`ingest.fetch.Fetcher.get`.
        """


def parse_requirement(text: str) -> tuple[str, str | None]:
    """Split ``NAME`` or ``NAME==VERSION`` into canonical name and version.

    Raises:
        CorpusError: it is anything else, such as a range of versions.
    """
    wrong = CorpusError(f"{text!r} is not NAME or NAME==VERSION.")
    try:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name, validate=True)
    except (InvalidRequirement, InvalidName):
        raise wrong from None
    versions = list(requirement.specifier)
    exact = all(each.operator == "==" and "*" not in each.version for each in versions)
    more = requirement.extras or requirement.marker or requirement.url or len(versions) > 1
    if more or not exact:
        raise wrong
    version = str(Version(versions[0].version)) if versions else None
    return name, version


def package_address(name: str, version: str, member: str) -> str:
    """Name a member for ever, without a host: ``pkg:pypi/NAME@VERSION#MEMBER``."""
    return f"pkg:pypi/{name}@{version}#{member}"


@dataclass(frozen=True, slots=True)
class _Release:
    name: str
    version: str
    uploaded: date | None
    fetcher: Fetcher

    def address(self, member: str) -> str:
        """The member's package URL."""
        return package_address(self.name, self.version, member)

    def found(self, member: str, content: bytes | None) -> bytes:
        """Pass on what was read, and name the member where it was not there."""
        if content is None:
            raise MissingError(f"{self.name} {self.version} holds no file {member}.")
        return content


@dataclass(frozen=True, slots=True)
class Wheel(_Release):
    """A wheel that is held open; its directory was read when it was opened."""

    archive: zipfile.ZipFile

    def read(self, member: str) -> bytes:
        """Read one member; see :meth:`Distribution.read`."""
        from remotezip import RemoteZipError

        try:
            return self.found(member, zip_member(self.archive, member, self.fetcher.max_bytes))
        except RemoteZipError as error:
            raise ReadError(f"{member} lies outside the wheel that should hold it.") from error


@dataclass(frozen=True, slots=True)
class SourceDistribution(_Release):
    """A ``.tar.gz``, loaded when a member of it is read.

    Members are named without the folder that holds everything in such an archive.
    """

    file: Located

    def read(self, member: str) -> bytes:
        """Read one member; see :meth:`Distribution.read`."""
        with tempfile.TemporaryFile() as archive:
            self.fetcher.save(self.file.url, archive)
            _check_sha256(archive, self.file.sha256, f"{self.name} {self.version}")
            return self.found(member, tar_member(archive, member, self.fetcher.max_bytes))


class PackageIndex:
    """The index that the user's pip is set to; its settings are read once, when first needed."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._open = ExitStack()

    def close(self) -> None:
        """Close every wheel that was opened."""
        self._open.close()

    def wheel(self, requirement: str) -> Wheel:
        """Find and open the wheel of an exact pin; see :meth:`ingest.fetch.Fetcher.wheel`."""
        name, version = parse_requirement(requirement)
        if version is None:
            raise CorpusError(f"{requirement!r} names no version; a wheel needs NAME==VERSION.")
        located = installer.locate_wheel(name, version) or self._listed_wheel(name, version)
        with intact(f"The wheel of {name} {version}"):
            archive = self._opened(self._authorised(located))
        return Wheel(name, version, None, self._fetcher, self._open.enter_context(archive))

    def sdist(self, name: str, version: str | None) -> SourceDistribution:
        """Choose a source distribution; see :meth:`ingest.fetch.Fetcher.sdist`."""
        found = {
            number: each
            for number, each in self._listed(name)
            if each.package_type == "sdist" and each.filename.endswith(".tar.gz")
            if (_is_stable(number, each) if version is None else number == Version(version))
        }
        if not found:
            wanted = version or "that is neither yanked nor a pre-release"
            raise MissingError(f"The package index has no source distribution of {name} {wanted}.")
        newest = max(found)
        time = found[newest].upload_time
        uploaded = time.astimezone(UTC).date() if time else None
        file = self._authorised(_located(found[newest]))
        return SourceDistribution(
            canonicalize_name(name), str(newest), uploaded, self._fetcher, file
        )

    def _listed_wheel(self, name: str, version: str) -> Located:
        """Ask the index itself where pip found nothing, and does not say why.

        Either asking fails and names the cause, or the wheel is there but fits another Python. As
        only text is read from it, that one serves as well.
        """
        wheels = {
            each.filename: each
            for number, each in self._listed(name)
            if each.package_type == "wheel" and number == Version(version)
        }
        if not wheels:
            raise MissingError(f"The package index has no wheel of {name} {version}.")
        return _located(wheels[max(wheels)])

    def _listed(self, name: str) -> list[tuple[Version, DistributionPackage]]:
        """Everything that the index lists of a project, with its version."""
        from pypi_simple import ACCEPT_ANY

        try:
            page = self._fetcher.get(f"{self._endpoint}{canonicalize_name(name)}/", ACCEPT_ANY)
        except MissingError:
            raise MissingError(f"The package index has no project {name}.") from None
        found = []
        for each in _packages(page, name):
            try:
                found.append((Version(each.version or ""), each))
            except InvalidVersion:  # from before versions had one form
                continue
        return found

    def _opened(self, file: Located) -> zipfile.ZipFile:
        """Open a wheel where it lies; load all of it only where the server knows no ranges.

        Mirrors without ranges are common enough that refusing them would shut out their users.
        """
        from remotezip import RangeNotSupported, RemoteZip, RemoteZipError

        if file.url.startswith("file:"):
            return zipfile.ZipFile(url2pathname(urlsplit(file.url).path))
        parts = _Parts(self._fetcher, file.url)
        try:
            archive: zipfile.ZipFile = RemoteZip(file.url, fetcher=lambda *_, **__: parts)
        except RangeNotSupported:
            whole = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed late
            self._fetcher.save(file.url, whole, _WHOLE_WHEEL_BYTES)
            _check_sha256(whole, file.sha256, "The wheel")
            archive = zipfile.ZipFile(whole)
        except RemoteZipError as error:
            raise zipfile.BadZipFile from error
        return archive

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        return installer.settings()

    @property
    def _endpoint(self) -> str:
        from pypi_simple import PYPI_SIMPLE_ENDPOINT

        endpoint = self._settings.get("index-url", PYPI_SIMPLE_ENDPOINT)
        barred = self._settings.get("no-index", "no").lower() in {"1", "true", "yes", "on"}
        if barred or not endpoint.startswith(("http://", "https://")):
            raise RefusedError("pip is set to use no package index over HTTP; one is needed here.")
        return endpoint.rstrip("/") + "/"

    def _authorised(self, file: Located) -> Located:
        """Put the credentials of a configured index back, which pip and pages leave out."""
        scheme, _, rest = file.url.partition("://")
        indexes = [self._settings.get(key, "") for key in ("index-url", "extra-index-url")]
        for index in " ".join(indexes).split():
            credentials, at, host = urlsplit(index).netloc.rpartition("@")
            if at and host == rest.partition("/")[0]:
                return Located(f"{scheme}://{credentials}@{rest}", file.sha256)
        return file


@dataclass(frozen=True, slots=True)
class _Parts:
    """What remotezip asks for parts, so that they keep to the limits of every other request."""

    fetcher: Fetcher
    url: str

    def fetch(self, span: tuple[int, int | None], stream: bool = False) -> PartialBuffer:
        from remotezip import PartialBuffer, RangeNotSupported, RemoteFetcher

        part = self.fetcher.part(self.url, RemoteFetcher.build_range_header(*span))
        if part is None:
            raise RangeNotSupported
        first, content = part
        return PartialBuffer(BytesIO(content), first, len(content), stream)


def _packages(page: Fetched, name: str) -> list[DistributionPackage]:
    """What a project page lists, in either of the two forms that an index may answer in."""
    from pypi_simple import ProjectPage, UnsupportedRepoVersionError

    kind = page.media_type.partition(";")[0].strip().lower()
    try:
        if kind.endswith("json"):
            return ProjectPage.from_json_data(json.loads(page.content), page.url).packages
        return ProjectPage.from_html(name, page.content, page.url).packages
    except (ValueError, UnsupportedRepoVersionError) as error:
        raise ReadError(f"What {page.url} answers is no page of a package index.") from error


def _located(package: DistributionPackage) -> Located:
    return Located(package.url, package.digests.get("sha256"))


def _is_stable(number: Version, package: DistributionPackage) -> bool:
    return not (number.is_prerelease or package.is_yanked)


def _check_sha256(file: IO[bytes], promised: str | None, what: str) -> None:
    file.seek(0)
    if promised and hashlib.file_digest(file, "sha256").hexdigest() != promised:  # type: ignore[arg-type]
        raise PinMismatchError(f"{what} came with other bytes than the package index promises.")
    file.seek(0)
