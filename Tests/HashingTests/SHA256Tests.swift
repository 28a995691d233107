import Hashing
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4's own examples (NIST, "Examples with Intermediate Values") and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ]) func `a known message has its known digest`(message: String, digest: String) {
        #expect(SHA256.hash(message).hex == digest)
        #expect(SHA256.hash(Array(message.utf8)).hex == digest)
    }

    @Test func `a million letters have their known digest, however they are cut`() {
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(SHA256.hash(letters).hex == expected)
        var hasher = SHA256()
        // Sizes around the staging buffer's, so that its borders are crossed in every way.
        for size in [1, 255, 256, 257, 511, 3, 1000] {
            var rest = letters[...]
            while !rest.isEmpty {
                hasher.update(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(hasher.finish().hex == expected, "in pieces of \(size)")
        }
    }

    @Test func `integers are hashed highest byte first`() {
        var hasher = SHA256()
        hasher.update(UInt8(0x01))
        hasher.update(Int16(0x0203))
        hasher.update(Int32(0x0405_0607))
        hasher.update(UInt32(0xFF00_0001))
        hasher.update(Int64(-2))
        hasher.update(UInt64(9))
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 0xFF, 0, 0, 1] + [UInt8](repeating: 0xFF, count: 7) + [0xFE] + [0, 0, 0, 0, 0, 0, 0, 9]
        #expect(hasher.finish() == SHA256.hash(bytes))
    }

    @Test func `a finished hasher starts the next message empty`() {
        var hasher = SHA256()
        hasher.update("left over")
        _ = hasher.finish()
        #expect(hasher.finish() == SHA256.hash(""))
        hasher.update("abc")
        #expect(hasher.finish() == SHA256.hash("abc"))
    }

    @Test func `a digest can be hashed into a chain`() {
        var hasher = SHA256()
        hasher.update(SHA256Digest.zero)
        hasher.update("link")
        #expect(hasher.finish() == SHA256.hash([UInt8](repeating: 0, count: 32) + Array("link".utf8)))
    }
}

@Suite struct SHA256DigestTests {
    @Test func `hex and bytes round trip`() throws {
        let digest = SHA256.hash("abc")
        #expect(SHA256Digest(hex: digest.hex) == digest)
        #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        #expect(digest.description == digest.hex)
        #expect(digest.bytes.count == SHA256Digest.byteCount)
        #expect(digest[0] == 0xBA && digest[31] == 0xAD)
    }

    @Test(arguments: ["", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65), String(repeating: "g", count: 64)])
    func `what is not 64 hexadecimal digits is refused`(text: String) {
        #expect(SHA256Digest(hex: text) == nil)
    }

    @Test(arguments: [0, 31, 33]) func `what is not 32 bytes is refused`(count: Int) {
        #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test func `digests that differ in one bit differ`() {
        let bytes = SHA256.hash("abc").bytes
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(SHA256Digest(bytes: other) != SHA256Digest(bytes: bytes))
        }
    }
}
