import Tensors
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    private func digest(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { SHA256.hexDigest($0) } }

    // Guards: the published test vectors (FIPS 180-4).
    @Test func matchesPublishedVectors() {
        #expect(digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(digest(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            digest([UInt8](repeating: 97, count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    // Guards: feeding a message in pieces of any length, across block borders.
    @Test(arguments: [1, 7, 55, 56, 63, 64, 65, 200])
    func piecesGiveTheDigestOfTheWhole(length: Int) {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        var hash = SHA256()
        for start in stride(from: 0, to: message.count, by: length) {
            Array(message[start..<min(start + length, message.count)]).withUnsafeBytes { hash.update($0) }
        }
        #expect(SHA256.hexadecimal(hash.finalize()) == digest(message))
    }
}
