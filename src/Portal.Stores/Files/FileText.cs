using System.Globalization;
using System.Text;
using Portal.Model.Validation;

namespace Portal.Stores.Files;

/// <summary>The bytes of a manifest as text, or why they are none.</summary>
internal static class FileText
{
    /// <summary>Largest file that is read.</summary>
    public const int MostBytes = 1024 * 1024;

    public static Finding TooLarge(long length) => Finding.Error(
        "file-too-large", "", $"The file has {FileFaults.Size(length)}; at most {FileFaults.Size(MostBytes)} are read.",
        "Keep only manifests in this folder, one resource a file; move other files elsewhere.") with
    { Line = 1, Column = 1 };

    public static (string? Text, Finding? Finding) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return (null, NotUtf8("The file is written in UTF-16.", 1, 1));
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) is System.Buffers.OperationStatus.Done)
            at += length;
        if (at == bytes.Length)
            return (Encoding.UTF8.GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes), null);
        var (line, column) = PositionOf(Encoding.UTF8.GetString(bytes[..at]), int.MaxValue);
        return (null, NotUtf8(string.Create(CultureInfo.InvariantCulture, $"The byte {bytes[at]:X2} is not text in UTF-8."), line, column));
    }

    /// <summary>Line and column, from 1, of a position in a text.</summary>
    public static (int Line, int Column) PositionOf(string text, int index)
    {
        var before = text.AsSpan(0, Math.Min(index, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private static Finding NotUtf8(string message, int line, int column)
        => Finding.Error("not-utf8", "", message, "Save the file as UTF-8 in your editor.") with { Line = line, Column = column };
}
