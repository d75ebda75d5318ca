import Tensors
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    /// FIPS 180-4 and its examples: no block, one block, padding that needs a second block.
    @Test(
        "known answers of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func knownAnswers(message: String, digest: String) {
        #expect(Array(message.utf8).withUnsafeBytes { SHA256.hexDigest($0) } == digest)
    }

    @Test("a million times 'a'")
    func million() {
        let message = [UInt8](repeating: 97, count: 1_000_000)
        let digest = message.withUnsafeBytes { SHA256.hexDigest($0) }
        #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("pieces of any length give the digest of the whole", arguments: [1, 7, 55, 56, 63, 64, 65, 127, 128, 200])
    func pieces(length: Int) {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 7) }
        var digest = SHA256()
        message.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: length) {
                digest.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + length, bytes.count)]))
                digest.update(UnsafeRawBufferPointer(start: nil, count: 0))
            }
        }
        let whole = message.withUnsafeBytes { SHA256.hexDigest($0) }
        #expect(SHA256.hexadecimal(digest.finalize()) == whole)
    }
}
