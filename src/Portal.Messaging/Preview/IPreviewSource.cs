using Portal.Messaging.Connections;

namespace Portal.Messaging.Preview;

/// <summary>What a shared reader reads from. One source lives as long as its reader, over all its connections.</summary>
internal interface IPreviewSource
{
    /// <summary>
    /// Connects, sets Reading on the buffer once the broker has confirmed, and adds messages until the connection ends.
    /// </summary>
    /// <returns>Why the connection ended.</returns>
    /// <exception cref="ConnectionException">There was no connection.</exception>
    /// <exception cref="OperationCanceledException">The reader was stopped.</exception>
    Task<Problem> ReadAsync(PreviewBuffer buffer, CancellationToken cancellationToken);
}
