// This module's first file arrives with its implementation.
