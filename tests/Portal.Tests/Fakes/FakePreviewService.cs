using Portal.Messaging;
using Portal.Messaging.Preview;
using Portal.Model.Endpoints;

namespace Portal.Tests.Fakes;

/// <summary>Live traffic that the test sends.</summary>
public sealed class FakePreviewService : IPreviewService
{
    private readonly List<Preview> _open = [];

    /// <summary>Topics that were opened, in order.</summary>
    public List<string> Topics { get; } = [];

    /// <summary>Views that are open now.</summary>
    public int Open => _open.Count;

    /// <summary>Gives a message to every view.</summary>
    public void Send(Message message, DateTimeOffset at)
    {
        foreach (var preview in _open.ToList())
            preview.Take(message, at);
    }

    public Task<string?> PublishAsync(DataflowEndpoint endpoint, Message message, CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);

    IPreview IPreviewService.Open(PreviewRequest request)
    {
        Topics.Add(request.Topic);
        var preview = new Preview(this);
        _open.Add(preview);
        return preview;
    }

    private sealed class Preview(FakePreviewService owner) : IPreview
    {
        private readonly List<PreviewMessage> _messages = [];
        private TaskCompletionSource _changed = new();

        public PreviewStatus Status => new(PreviewState.Reading, _messages.Count, 0, _messages.Count, TimeSpan.Zero, []);

        public void Take(Message message, DateTimeOffset at)
        {
            _messages.Add(new PreviewMessage(_messages.Count + 1, at, message));
            var changed = _changed;
            _changed = new TaskCompletionSource();
            changed.SetResult();
        }

        public IReadOnlyList<PreviewMessage> Newest(Func<PreviewMessage, bool>? filter, int most, long? upTo = null) =>
            [.. _messages.AsEnumerable().Reverse().Where(message => filter is null || filter(message)).Take(most)];

        public PreviewSample Sample(Func<PreviewMessage, bool>? filter, int most, int perSecond) => new(Newest(filter, most), 0, 0);

        public (IReadOnlyList<PreviewMessage> Messages, long Lost) After(long sequence, int most) => ([.. _messages.Where(message => message.Sequence > sequence).Take(most)], 0);

        public IReadOnlyList<(string Topic, double PerSecond)> TopicRates() => [];

        public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changed.Task.WaitAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            owner._open.Remove(this);
            return ValueTask.CompletedTask;
        }
    }
}
