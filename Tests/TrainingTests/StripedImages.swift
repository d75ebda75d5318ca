import Datasets
import Synchronization
import Tensors

/// A set that is no file, as a package of one's own would make it: grey images of 12 × 12, of whose three stripes the one
/// of the class is bright.
final class StripedImages: LabelledImages {
    let count: Int
    let shape = ImageShape(height: 12, width: 12, channels: 1)
    let classes = 3
    private let pixels: AlignedMemory
    // Images may be read so often before they are lost.
    private let readsLeft = Atomic(Int.max)

    init(count: Int, seed: UInt64 = 1) {
        self.count = count
        pixels = AlignedMemory(byteCount: count * shape.count)
        for index in 0..<count {
            var stream = RandomStream(seed: seed, purpose: .synthetic, sample: index)
            for element in 0..<shape.count {
                let isBright = element / shape.width * classes / shape.height == Int(label(at: index))
                let value = UInt8(stream.next() % 128) + (isBright ? 128 : 0)
                pixels.address.storeBytes(of: value, toByteOffset: index * shape.count + element, as: UInt8.self)
            }
        }
    }

    /// Loses its images after so many more were read.
    func lose(after reads: Int) { readsLeft.store(reads, ordering: .relaxed) }

    func label(at index: Int) -> UInt8 { UInt8(index % classes) }

    func pixels(at index: Int) -> UnsafePointer<UInt8> {
        readsLeft.subtract(1, ordering: .relaxed)
        return UnsafePointer(pixels.address.assumingMemoryBound(to: UInt8.self)) + index * shape.count
    }

    func contentDigest() -> String {
        var digest = SHA256()
        digest.update(UnsafeRawBufferPointer(start: pixels.address, count: pixels.byteCount))
        return SHA256.hexadecimal(digest.finalize())
    }

    func requireIntact() throws(DatasetError) {
        guard readsLeft.load(ordering: .relaxed) < 0 else { return }
        throw DatasetError("The images were lost; make them again.")
    }
}
