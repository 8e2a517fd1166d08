"""Raw deflate both ways for COMPRESS=DEFLATE (RFC 4978): what comes is inflated in small steps, and
what swells out of all proportion can be told from what is honest."""

import zlib
from typing import Final

STEP: Final = 262_144  # octets inflated at once
_FREE: Final = 8 * 2**20  # octets of one answer that may come of next to nothing
_RATIO: Final = 100  # beyond: FETCH and SEARCH answers deflate 4 to 20 times, a bomb 1000 times


class Deflate:
    """One connection's. `feed` what was received, then `take` while there is `more`."""

    def __init__(self) -> None:
        self.more = False  # whether `take` may give something without another `feed`
        self._inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        self._deflating = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._waiting = b""
        self.measure()

    def measure(self) -> None:
        """Begin to compare anew what came with what it was inflated to."""
        self._came = self._became = 0

    @property
    def swollen(self) -> bool:
        """Whether what came since `measure` was inflated beyond reason."""
        return self._became > _FREE + _RATIO * self._came

    def feed(self, data: bytes) -> None:
        self._waiting += data
        self._came += len(data)
        self.more = True

    def take(self) -> bytes:
        """The next octets, at most STEP of them. Raises ValueError for what is no deflate stream."""
        try:
            data = self._inflating.decompress(self._waiting, STEP)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if self._inflating.unused_data:
            raise ValueError("the stream had ended")
        self._waiting = self._inflating.unconsumed_tail
        # zlib may hold on to a few octets although it has swallowed everything that came
        self.more = len(data) == STEP or bool(self._waiting)
        self._became += len(data)
        return data

    def squeezed(self, data: bytes | memoryview) -> bytes:
        """Deflated to the last octet, so that the other side can read it now."""
        return self._deflating.compress(data) + self._deflating.flush(zlib.Z_SYNC_FLUSH)
