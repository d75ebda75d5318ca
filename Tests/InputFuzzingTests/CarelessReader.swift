import InputFuzzing

/// A reader that breaks its promise when an input begins with 7.
final class CarelessReader: FuzzedReader {
    let name = "careless"
    let samples: [[UInt8]] = [Array("[12, 34]".utf8), Array("[5, [6, 7, 8], 9]".utf8)]
    let tokens: [[UInt8]] = [[7], Array(",".utf8)]
    private let refused: Int?

    init(refused: Int? = nil) { self.refused = refused }

    static func trips(over input: [UInt8]) -> Bool { input.first == 7 }

    func framed(_ input: [UInt8]) -> [UInt8] { input }

    func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        try BrokenPromise.unless(!Self.trips(over: input), "It read 7.")
        return refused.map { samples[$0] } != input
    }
}
