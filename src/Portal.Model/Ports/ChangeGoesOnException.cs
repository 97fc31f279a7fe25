namespace Portal.Model.Ports;

/// <summary>Nobody waits any longer for a change that the service has taken: it goes on there.</summary>
/// <param name="stored">What is stored now; null for a deletion, and where it cannot be read.</param>
/// <param name="canceled">What ended the waiting.</param>
public sealed class ChangeGoesOnException(StoredResource? stored, OperationCanceledException canceled)
    : OperationCanceledException(canceled.Message, canceled, canceled.CancellationToken)
{
    public StoredResource? Stored => stored;
}
