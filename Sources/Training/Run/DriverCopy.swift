import Collectives
import Tensors

extension Communicator {
    /// Gives every rank rank 0's elements of some tensors, which have the same shapes everywhere; every rank calls it.
    ///
    /// - Throws: `CommunicationError`.
    func copyFromDriver(_ tensors: [Tensor]) throws {
        for tensor in tensors {
            let bytes = UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.count * MemoryLayout<Float>.stride)
            let received = try broadcast(rank == 0 ? Array(bytes) : [], from: 0)
            received.withUnsafeBytes { tensor.memory.address.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        }
    }
}
