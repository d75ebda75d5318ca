/// The 64-bit FNV-1a hash of a sequence of numbers.
struct Digest: CustomStringConvertible {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ numbers: [UInt64]) {
        for number in numbers {
            for shift in stride(from: 0, to: 64, by: 8) {
                state = (state ^ (number >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
            }
        }
    }

    var description: String { String(state, radix: 16) }
}
