using System.Collections.Concurrent;
using Portal.Model.Ports;

namespace Portal.Tests.Fakes;

/// <summary>Results of connection tests in memory.</summary>
public sealed class FakeTestHistory : ITestHistoryStore
{
    public ConcurrentDictionary<string, string> Documents { get; } = new();

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<string>>([.. Documents.Keys]);

    public Task<string?> ReadAsync(string endpoint, CancellationToken cancellationToken = default) => Task.FromResult(Documents.GetValueOrDefault(endpoint));

    public Task WriteAsync(string endpoint, string document, CancellationToken cancellationToken = default)
    {
        Documents[endpoint] = document;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string endpoint, CancellationToken cancellationToken = default)
    {
        Documents.TryRemove(endpoint, out _);
        return Task.CompletedTask;
    }
}
