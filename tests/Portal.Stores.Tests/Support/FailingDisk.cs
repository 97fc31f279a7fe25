using Microsoft.Extensions.DependencyInjection;
using Portal.Stores.Files;

namespace Portal.Stores.Tests.Support;

/// <summary>A disk that fails with an error of our choice when a file is written.</summary>
internal sealed class FailingDisk : FileWriter
{
    public const int NoSpace = 28;
    public const int ReadOnly = 30;

    /// <summary>What every write fails with; null = nothing.</summary>
    public Exception? Failure { get; set; }

    public void Use(IServiceCollection services) => services.AddSingleton<FileWriter>(this);

    public static Exception Error(int number) => new IOException($"error {number}", number);

    protected override Stream Open(string path, UnixFileMode? mode)
        => Failure is null ? base.Open(path, mode) : new FailingStream(base.Open(path, mode), Failure);

    private sealed class FailingStream(Stream inner, Exception failure) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        // Half of it still fits, as on a disk that fills up.
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer[..(buffer.Length / 2)]);
            throw failure;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
