"""Contents of arrays: random ones, and such as weak keys cannot tell apart."""

import numpy as np

# Pairs of eight bytes that have the same hash() where PYTHONHASHSEED is 0, as in the sandbox
# (SipHash-1-3, Python 3.11 on). Each took some 4e9 hashes to find, in a search for distinguished
# points; they are equal in all 64 bits, so they have the same hash() whatever is then done to it.
SAME_HASH = """
86a3a4f2bd77a801 04d23ae51b8e1e24
69df4c8ebd0015f2 1fad1152482d5913
2505baba448122de 10a313a955ac4135
8e7e0bba558b283a 32a4ce3b345adc43
0179a5b8565b8413 280c7aa0b522ef0e
0c28a6cfbd3531b3 49a87f419177350f
bb634ec32c7587be 12fdb884009ff6e8
bc570a81363cd837 31908a2821f40e23
b40440061bf96254 083efe7f705965ad
1520133c3c258d85 4efa17fd9b622343
3b6315e904744361 f49a32a4b8570448
6a13e5a0c9bef2d4 dcce90ff333bbc96
"""

# Pairs that agree in 32 bits of a digest: what is left of a good one when it is cut.
SAME_PART = """
e2c7243d5dd1c2a9 90d1eed6eab0940c md5()[:4]
290a3a3903551d1f 44d569b455e59ffc md5()[-4:]
b67214ce9fd6ae3f 7b33f6edfbecf4a6 sha1()[:4]
dd7c9e3e73d1836b 07c30a7949bf37bc sha1()[-4:]
aa9a7c2ff9335a26 ad8f0dfaa95df66a sha256()[:4]
bec4f48eea6d37cd ff02edf0f08acec7 sha256()[-4:]
c008d7c33b0cf8ca b1ba2362da2e1f6c sha512()[:4]
3b24d167488a994f 4dbd45c986914195 sha512()[-4:]
8803ca968a9dd5b8 a18effe99ae71a08 blake2b()[:4]
52f21f2b74e66ae1 f7a7ea0d379c838e blake2b()[-4:]
e4d9f714867a895a 3341ab712960f279 blake2s()[:4]
da77abe6c927a920 8b269b5e837c4f94 blake2b(32)[:4]
7846e30708deb61e 8e06c60b3f5516ad blake2b(32)[-4:]
629f82337bc95197 e0eeb3d076cba4f2 blake2b(16)[:4]
2e66beec0c6180cf a5170d38701b1fd6 blake2b(8)[:4]
3bb68db480b5cc25 74c0f126e7b8d07f blake2b(4)
"""

POLYNOMIALS = (0x104C11DB7, 0x11EDC6F41, 0x11021)  # CRC-32, CRC-32C, CCITT (binascii.crc_hqx)

BLOCK = 64  # bytes


def remainders(polynomial, places, mirrored):
    """The remainder of each bit of a block whose bytes a CRC reads in the order of ``places``."""
    rests, rest, top = [0] * (8 * BLOCK), 1, polynomial.bit_length() - 1
    for place in reversed(places):
        # What is read last has the lowest power; a mirrored CRC begins with the lowest bit.
        for bit in range(7, -1, -1) if mirrored else range(8):
            rests[8 * place + bit] = rest
            rest <<= 1
            rest ^= polynomial * (rest >> top)
    return rests


def unnoticed(rng):
    """A difference of two blocks that leaves every one of these CRCs as it is.

    Forwards and backwards, with either order of bits in a byte, and CRC-32 of every second byte,
    too; nothing differs in the first and last four bytes, which a slice may leave out. All of it
    is linear, so the differences are the kernel of a matrix over two elements, found by Gauss.
    """
    every = range(BLOCK)
    parts = [
        remainders(polynomial, places, mirrored)
        for polynomial in POLYNOMIALS
        for places in (every, every[::-1])
        for mirrored in (True, False)
    ]
    parts += [remainders(POLYNOMIALS[0], every[n::2], True) for n in (0, 1)]
    pivots, kernel = {}, []
    for bit in range(32, 8 * BLOCK - 32):
        row, taken = 0, 1 << bit
        for part in parts:
            row = row << 32 | part[bit]
        while row and row.bit_length() in pivots:
            other = pivots[row.bit_length()]
            row, taken = row ^ other[0], taken ^ other[1]
        if row:
            pivots[row.bit_length()] = row, taken
        else:
            kernel.append(taken)
    difference = kernel.pop(rng.randrange(len(kernel)))
    for taken in kernel:
        difference ^= taken * rng.getrandbits(1)
    return difference


def clashing(rng):
    """Two contents of 1024 bytes with the same CRCs, adler32, sums, moments and sorted values.

    Sixteen blocks A and B in the order of the Thue-Morse sequence, and with A and B exchanged.
    Each block comes eight times, and the sums of the places, their squares and their cubes are the
    same for both (Prouhet). A ^ B is a multiple of the polynomials of the CRCs, so that any two
    contents that differ in it have the same checksum, whatever stands before, between and after.
    """
    one, difference = rng.getrandbits(8 * BLOCK), unnoticed(rng)
    blocks = [word.to_bytes(BLOCK, "little") for word in (one, one ^ difference)]
    order = [place.bit_count() % 2 for place in range(16)]
    contents = [b"".join(blocks[n ^ other] for n in order) for other in (0, 1)]
    return [np.frombuffer(content, np.uint8) for content in contents]


def listed(pairs):
    """The pairs of such a list, as arrays of bytes."""
    rows = [line.split()[:2] for line in pairs.split("\n") if line]
    return [[np.frombuffer(bytes.fromhex(text), np.uint8) for text in row] for row in rows]


def whole(rng, *shape, dtype="float32"):
    """A random array of whole numbers that every dtype holds exactly."""
    count = int(np.prod(shape))
    return np.array([rng.randint(-60, 60) for _ in range(count)], dtype).reshape(shape)
