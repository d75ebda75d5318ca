/// A part of a training step. The parts of a step follow each other without gaps.
public enum StepPart: Hashable, Sendable {
    /// The way through the layers.
    public enum Direction: String, Sendable {
        /// From images to logits.
        case forward
        /// From the gradient by the logits to that by the weights.
        case backward
    }

    /// A layer at work.
    case layer(String, Direction)
    /// The loss and its gradient.
    case loss
    /// The sums of gradients over ranks, where nothing else is computed.
    case exchange
    /// The optimiser.
    case update
}

/// Watches a training step from inside, on the thread that takes it.
public protocol StepObserver: AnyObject {
    /// A part begins, and the one before it has ended.
    func enters(_ part: StepPart)
    /// A layer's sum over ranks is on its way.
    func startsSum()
    /// A layer waits for the sum that it started.
    func awaitsSum()
}

extension StepObserver {
    /// Not looked at, unless an observer does.
    public func startsSum() {}
    /// Not looked at, unless an observer does.
    public func awaitsSum() {}
}
