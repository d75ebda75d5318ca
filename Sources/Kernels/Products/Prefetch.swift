import CProcessor

/// Memory that will be needed soon, asked for in small portions while products compute.
///
/// Products work in cache and leave the way to memory idle; the transforms around them would then wait for it. Asked for
/// during the products, the images of the next block arrive meanwhile. Nothing is computed, so results do not change,
/// and addresses behind the end of an image are harmless.
struct Prefetch {
    /// One contiguous run of memory.
    private struct Stream {
        var address: UInt = 0
        var lines = 0
        /// Lines of each call of `advance`.
        var portion = 0
    }

    /// Images, gradients, and what their correction and their result need.
    private static let capacity = 4
    private static let lineSize = 64

    private var streams = InlineArray<4, Stream>(repeating: Stream())
    private var count = 0

    /// Adds `floats` floats from `start` on, spread evenly over `steps` calls of `advance`; at most four runs.
    @inline(__always)
    mutating func add(_ start: UnsafePointer<Float>, count floats: Int, steps: Int) {
        precondition(count < Self.capacity, "room for \(Self.capacity) runs of memory")
        let lines = (floats * MemoryLayout<Float>.size + Self.lineSize - 1) / Self.lineSize
        streams[count] = Stream(
            address: UInt(bitPattern: start), lines: lines, portion: (lines + steps - 1) / max(1, steps))
        count += 1
    }

    /// Asks for the next portion of each run; called once a register tile.
    @inline(__always)
    mutating func advance() {
        for index in 0..<count {
            let now = min(streams[index].portion, streams[index].lines)
            var address = streams[index].address
            for _ in 0..<now {
                lockstep_prefetch(UnsafeRawPointer(bitPattern: address))
                address += UInt(Self.lineSize)
            }
            streams[index].address = address
            streams[index].lines -= now
        }
    }
}
