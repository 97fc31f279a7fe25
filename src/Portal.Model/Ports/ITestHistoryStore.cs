namespace Portal.Model.Ports;

/// <summary>Keeps the results of connection tests, one document for each endpoint, in the portal's own form.</summary>
public interface ITestHistoryStore
{
    /// <summary>Names of the endpoints that have a document.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The document of an endpoint; null when there is none or it cannot be read.</summary>
    Task<string?> ReadAsync(string endpoint, CancellationToken cancellationToken = default);

    /// <summary>Replaces the document of an endpoint. One that cannot be written is an error in the program's log: the test was made all the same.</summary>
    Task WriteAsync(string endpoint, string document, CancellationToken cancellationToken = default);

    /// <summary>Removes the document of an endpoint; nothing happens when there is none.</summary>
    Task DeleteAsync(string endpoint, CancellationToken cancellationToken = default);
}
