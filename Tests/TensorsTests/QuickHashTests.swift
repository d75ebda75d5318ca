import Tensors
import Testing

@Suite("The quick hash of floats")
struct QuickHashTests {
    private func hash(_ values: [Float]) -> UInt64 {
        var hash = QuickHash()
        values.withUnsafeBufferPointer { hash.add($0) }
        return hash.value
    }

    // Guards the replica audit: a single flipped bit, wherever it is, is never missed.
    @Test(arguments: [1, 15, 16, 17, 40]) func everyBitCounts(count: Int) {
        let values = (0..<count).map { Float($0) * 0.37 - 3 }
        let original = hash(values)
        for index in 0..<count {
            for bit in 0..<32 {
                var changed = values
                changed[index] = Float(bitPattern: values[index].bitPattern ^ (1 << UInt32(bit)))
                #expect(hash(changed) != original)
            }
        }
    }

    // Guards: order and length count, also among zeros, and the signs of zeros.
    @Test func orderAndLengthCount() {
        #expect(hash([1, 2]) != hash([2, 1]))
        #expect(hash([Float](repeating: 0, count: 16)) != hash([Float](repeating: 0, count: 32)))
        #expect(hash([0]) != hash([-0.0]))
        #expect(hash([]) == hash([]))
    }
}
