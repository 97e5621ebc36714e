"""The only source of randomness: counter-based uniforms keyed by (seed, name), counted by (image, attempt, block).

Philox4x32-10 is a bijection of a 128-bit counter under a 64-bit key, so any value can be had alone, in any order, on
any machine. A key is a hash of the seed and of the draw's name ("camera.distance"): a new draw never shifts another's
stream. An image that is drawn again counts up `attempt`; there is no "next random number".

What images show is drawn evenly (`Draws.even`): each value alone is as random as before, but those of neighbouring
images share the interval out among them, so that a small dataset shows each breed, sky and angle in proportion.

Sources: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. A. Owen,
"Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995, as a hash: S. Laine, T. Karras, "Stratified sampling for
stochastic transparency", EGSR 2011, with the multipliers of N. Vegdahl, "Building a better LK hash", 2021; order and
values scrambled each for each draw: B. Burley, "Practical hash-based Owen scrambling", JCGT 2020.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)  # multipliers of the round function
_W0, _W1 = 0x9E3779B9, 0xBB67AE85  # Weyl increments of the key: golden ratio, √3 - 1
_LOW, _32 = np.uint64(0xFFFFFFFF), np.uint64(32)


def philox(counter: ArrayLike, key: ArrayLike) -> U32:
    """Philox4x32-10.

    Args:
        counter: (..., 4) 32-bit words, the least significant first.
        key: (..., 2) 32-bit words; its leading axes broadcast against the counter's.

    Returns:
        (..., 4) uint32.
    """
    words, keys = np.asarray(counter, np.uint64), np.asarray(key, np.uint64)
    c0, c1, c2, c3 = np.moveaxis(words, -1, 0)
    return np.stack(_mixed(c0, c1, c2, c3, keys[..., 0], keys[..., 1]), axis=-1)


def _mixed(c0: U64, c1: U64, c2: U64, c3: U64, k0: U64, k1: U64) -> list[U32]:
    """The four words of counters under keys, each in an array of its own, as are all that come in; they broadcast."""
    c0, c1, c2, c3, _ = np.broadcast_arrays(c0, c1, c2, c3, k0)
    for turn in range(10):
        p0, p1 = _M0 * c0, _M1 * c2  # exact: 32 × 32 bits
        c0, c2 = p1 >> _32, p0 >> _32
        c0 ^= c1
        c0 ^= (k0 + np.uint64(turn * _W0)) & _LOW
        c2 ^= c3
        c2 ^= (k1 + np.uint64(turn * _W1)) & _LOW
        c1, c3 = p1, p0
        c1 &= _LOW
        c3 &= _LOW
    return [word.astype(np.uint32) for word in (c0, c1, c2, c3)]


@lru_cache(maxsize=4096)
def _key(seed: int, name: str) -> tuple[int, int]:
    """The two words of the Philox key of a named draw."""
    digest = blake2b(seed.to_bytes(8, "little") + name.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


class Draws:
    """The uniforms of one seed.

    Args:
        seed: Any integer in [0, 2^64). Zero is a seed like any other.

    Raises:
        ValueError: For a seed out of range.
    """

    def __init__(self, seed: int) -> None:
        if not 0 <= seed < 1 << 64:
            raise ValueError(f"a seed lies in [0, 2^64), not {seed}")
        self.seed = seed

    def uniform(self, name: str, image: ArrayLike, attempt: ArrayLike, n: int) -> F64:
        """(B, n) doubles in [0, 1) with 53 random bits, of the draw `name` for B images.

        Args:
            name: What is drawn, "factor.key".
            image: (B,) image numbers, in [0, 2^63).
            attempt: (B,) attempt numbers, in [0, 2^32).
            n: How many uniforms per image. The first of them stay the same whatever n is.
        """
        return self.uniforms([(name, n)], image, np.asarray(attempt)[None])[0]

    def uniforms(self, requests: Sequence[tuple[str, int]], image: ArrayLike, attempt: ArrayLike) -> list[F64]:
        """The uniforms of R draws in one pass, each as `uniform` gives it: R arrays (B, n).

        Args:
            requests: R pairs of a draw's name and its n.
            image: (B,) image numbers.
            attempt: (R, B) attempt numbers.
        """
        return self._rows(requests, image, attempt, even=False)

    def even(self, requests: Sequence[tuple[str, int]], image: ArrayLike, attempt: ArrayLike) -> list[F64]:
        """As `uniforms`, but spread evenly over the images: R arrays (B, n).

        Of the 2^k images from a multiple of 2^k on, each column of a draw has one value in each of 2^k equal parts of
        [0, 1), in an order of its own. That holds for images as they are drawn first; those that are drawn again
        (an attempt above 0), and those from 2^32 on, have the values of `uniforms`.
        """
        return self._rows(requests, image, attempt, even=True)

    def _rows(self, requests: Sequence[tuple[str, int]], image: ArrayLike, attempt: ArrayLike, even: bool) -> list[F64]:
        images, attempts = np.asarray(image).astype(np.uint64), np.asarray(attempt).astype(np.uint64)
        blocks = [(n + 1) // 2 for _, n in requests]  # a block's four words make two doubles
        owner = np.repeat(np.arange(len(requests)), blocks)
        block = np.concatenate([np.arange(b, dtype=np.uint64) for b in [*blocks, 0]])
        keys = np.array([_key(self.seed, name) for name, _ in requests], np.uint64).reshape(-1, 2)

        again, (k0, k1) = attempts[owner], keys[owner].T[..., None]
        words = _mixed(images & _LOW, images >> _32, again, block[:, None], k0, k1)
        doubles = np.stack([_doubles(*words[:2]), _doubles(*words[2:])], axis=-1)  # (blocks, B, 2)
        if even:
            first = (images >> _32 == 0) & (again == 0)
            own = np.zeros((len(owner), 4), np.uint64)
            own[:, 1], own[:, 3] = _LOW, block  # an image's number never has such a high word
            order, shuffle = np.split(philox(own, keys[owner])[:, None, :], 2, axis=-1)  # each (blocks, 1, 2)
            turned = _reversed(images.astype(np.uint32))[:, None]
            places = _reversed(_scrambled(_reversed(_scrambled(turned, order)), shuffle))
            spread = (places * 2.0**21 + (np.stack(words[1::2], axis=-1) >> np.uint32(11))) / 2.0**53
            doubles = np.where(first[..., None], spread, doubles)

        ends = np.cumsum([0, *blocks])
        rows = [doubles[a:b] for a, b in pairwise(ends)]
        return [
            row.transpose(1, 0, 2).reshape(len(images), -1)[:, :n] for row, (_, n) in zip(rows, requests, strict=True)
        ]


def _doubles(high: U32, low: U32) -> F64:
    """Two words to a double: 27 bits of the one above 26 bits of the other, over 2^53."""
    doubles = (high >> np.uint32(5)) * 67108864.0
    doubles += low >> np.uint32(6)
    doubles /= 9007199254740992.0
    return np.asarray(doubles, np.float64)


def _reversed(words: U32) -> U32:
    """Words with their bits in the opposite order."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F)):
        words = (words >> np.uint32(shift)) & np.uint32(mask) | (words & np.uint32(mask)) << np.uint32(shift)
    return words.byteswap()


def _scrambled(words: U32, seed: U32) -> U32:
    """Words with each bit flipped or not, as a hash of the seed and of the bits below it says.

    Between two turns of the bits that is Owen's scrambling, in which the bits above decide.
    """
    x = words ^ words * np.uint32(0x3D20ADEA)
    x = x + seed
    x = x * (seed >> np.uint32(16) | np.uint32(1))
    x = x ^ x * np.uint32(0x05526C56)
    return np.asarray(x ^ x * np.uint32(0x53A22864), np.uint32)
