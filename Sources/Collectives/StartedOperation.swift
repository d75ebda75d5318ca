/// A non-blocking operation that was started and must be finished, by `wait()` or by a `test()` that returns true.
///
/// It keeps the memory it works on alive. Until it has finished, that memory must be neither changed (what is sent) nor
/// read (what is received). Progress is made only inside calls into the transport, so poll about every millisecond.
/// `Communicator.finish()` refuses while an operation is unfinished.
public protocol StartedOperation: AnyObject {
    /// Makes progress and tells whether the operation has finished. Once true, always true.
    func test() throws(CommunicationError) -> Bool

    /// Waits until the operation has finished; returns at once when it already has.
    func wait() throws(CommunicationError)
}
