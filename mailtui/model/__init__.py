"""What mail is: values only. Standard library, no input or output, no clock, no randomness."""
