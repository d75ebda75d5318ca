/// What a parameter does.
public enum ParameterRole: String, Sendable, Codable {
    /// A convolution or dense weight.
    case weight
    /// An additive constant.
    case bias
    /// Batch normalisation's γ.
    case scale
    /// Batch normalisation's β.
    case shift
    /// A running statistic: not trained, moved by the forward pass.
    case statistic
}

/// How a parameter lies in memory, against how the world outside writes it.
public enum ParameterLayout: String, Sendable, Codable {
    /// The same inside and outside.
    case plain
    /// Inside `[height, width, inputs, outputs]`, outside `[outputs, inputs, height, width]`.
    case convolution
}

/// How a parameter is trained, where it is not as all others of its role.
public struct ParameterSettings: Sendable, Hashable {
    /// What the learning rate is multiplied by; at least 0.
    public var rateFactor: Double
    /// The weight decay of its own, 0 for none; nil for the run's if it is a weight, and none if it is not.
    public var weightDecay: Double?
    /// The steps of the run, counted from 0, that change it.
    public var trainedSteps: Range<Int>

    /// Settings; those left out are what every parameter has.
    public init(rateFactor: Double = 1, weightDecay: Double? = nil, trainedSteps: Range<Int> = 0..<Int.max) {
        precondition(rateFactor >= 0 && (weightDecay ?? 0) >= 0, "a parameter's rate and decay are at least 0")
        self.rateFactor = rateFactor
        self.weightDecay = weightDecay
        self.trainedSteps = trainedSteps
    }
}

/// A named run of elements in a flat block.
public struct Parameter: Sendable, Hashable {
    /// The name by which checkpoints know it, as `units.0.conv.weight`.
    public let name: String
    /// The extents as they lie in memory.
    public let shape: Shape
    /// What it does.
    public let role: ParameterRole
    /// How it lies in memory.
    public let layout: ParameterLayout
    /// How it is trained.
    public let settings: ParameterSettings
    /// Its elements in the flat block; starts on a cache line.
    public let range: Range<Int>

    /// The extents as checkpoints and PyTorch write them.
    public var exportedShape: Shape {
        switch layout {
        case .plain: shape
        case .convolution: [shape[3], shape[2], shape[0], shape[1]]
        }
    }

    /// The elements of `block` (a flat block this parameter lies in) in the order checkpoints write them.
    public func exported(from block: Tensor) -> [Float] {
        let source = block.pointer + range.lowerBound
        guard layout == .convolution else { return Array(UnsafeBufferPointer(start: source, count: shape.count)) }
        var result = [Float](repeating: 0, count: shape.count)
        forEachExportedElement { outside, inside in result[outside] = source[inside] }
        return result
    }

    /// Puts elements in the order checkpoints write them into `block`; `values` must be as many as the shape has.
    public func restore(_ values: [Float], into block: Tensor) {
        precondition(values.count == shape.count, "\(values.count) values do not fill \(name) of \(shape)")
        let target = block.pointer + range.lowerBound
        guard layout == .convolution else {
            for index in 0..<values.count { target[index] = values[index] }
            return
        }
        forEachExportedElement { outside, inside in target[inside] = values[outside] }
    }

    private func forEachExportedElement(_ body: (_ outside: Int, _ inside: Int) -> Void) {
        let (taps, inputs, outputs) = (shape[0] * shape[1], shape[2], shape[3])
        for output in 0..<outputs {
            for input in 0..<inputs {
                for tap in 0..<taps {
                    body((output * inputs + input) * taps + tap, (tap * inputs + input) * outputs + output)
                }
            }
        }
    }
}
