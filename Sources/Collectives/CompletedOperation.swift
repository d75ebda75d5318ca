/// An operation that was finished as soon as it was started.
final class CompletedOperation: StartedOperation {
    func test() -> Bool { true }

    func wait() {}
}
