import Foundation

/// Threads whose start can fail, unlike that of Foundation's, which leaves whoever counts on them waiting for ever.
public enum NamedThread {
    /// Starts a thread that runs `body` and ends with it; it inherits the caller's binding to cores.
    ///
    /// - Parameters:
    ///   - name: what debuggers call it; they show the first 15 bytes.
    ///   - stackBytes: the size of its stack.
    /// - Throws: `ResourceError` when the system refuses; `body` is not run then.
    public static func start(
        _ name: String, stackBytes: Int = 4 << 20, _ body: @escaping @Sendable () -> Void
    ) throws(ResourceError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let life = Unmanaged.passRetained(Life(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { life in
                let life = Unmanaged<Life>.fromOpaque(life!).takeRetainedValue()
                Thread.current.name = life.name
                life.body()
                return nil
            }, life.toOpaque())
        guard code == 0 else {
            life.release()
            // One code stands for a missing stack and for too many threads.
            throw SystemMemory.isGranted(stackBytes) ? ResourceError(thread: name) : ResourceError(memory: stackBytes)
        }
    }

    /// Asks for `count` threads at once and lets them end: for libraries that start some and do not bear a refusal.
    ///
    /// - Throws: `ResourceError` when the system refuses one of them.
    public static func require(_ count: Int) throws(ResourceError) {
        let end = DispatchSemaphore(value: 0)
        var started = 0
        defer { for _ in 0..<started { end.signal() } }
        while started < count {
            try start("trial") { end.wait() }
            started += 1
        }
    }

    private final class Life {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
