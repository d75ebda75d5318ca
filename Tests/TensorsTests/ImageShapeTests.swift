import Foundation
import Tensors
import Testing

@Suite("Extents of images")
struct ImageShapeTests {
    // Guards: extents from outside are those of an image, so that nothing computed of them overflows.
    @Test(arguments: [
        (0, 1, 1), (1, -1, 1), (1, 1, Int.min), (65_537, 1, 1), (Int.max, Int.max, Int.max), (16_385, 16_384, 1),
        (65_536, 65_536, 65_536),
    ])
    func impossibleOnesAreRefused(height: Int, width: Int, channels: Int) {
        let json = Data(#"{"height": \#(height), "width": \#(width), "channels": \#(channels)}"#.utf8)
        #expect { try JSONDecoder().decode(ImageShape.self, from: json) } throws: { error in
            guard case DecodingError.dataCorrupted(let context) = error else { return false }
            return context.debugDescription.hasPrefix("Images of \(height)×\(width)×\(channels) cannot be; choose")
        }
    }

    // Guards: those of an image read back equal, the largest too.
    @Test(arguments: [(1, 1, 1), (32, 32, 3), (16_384, 16_384, 1), (65_536, 1, 4096)])
    func possibleOnesReadBackEqual(height: Int, width: Int, channels: Int) throws {
        let shape = ImageShape(height: height, width: width, channels: channels)
        #expect(shape.complaint == nil)
        #expect(try JSONDecoder().decode(ImageShape.self, from: JSONEncoder().encode(shape)) == shape)
    }
}
