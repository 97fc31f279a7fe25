using Confluent.Kafka;

namespace Portal.Messaging.Flows;

/// <summary>
/// Sends what a producer holds back to gather larger batches. The library sends without waiting only while a call to
/// flush is under way, and that call blocks: so it has a thread of its own.
/// </summary>
internal sealed class FlushThread : IDisposable
{
    /// <summary>Longest time that one call keeps batches from being gathered.</summary>
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(20);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly ManualResetEventSlim _wanted = new();
    private readonly Thread _thread;
    private volatile bool _isOver;

    public FlushThread(IProducer<byte[]?, byte[]?> producer)
    {
        _producer = producer;
        _thread = new Thread(Run) { IsBackground = true, Name = "portal-kafka-flush" };
        _thread.Start();
    }

    public void Hurry()
    {
        if (!_wanted.IsSet)
            _wanted.Set();
    }

    /// <summary>Returns when the thread has ended; to be called before the producer is disposed.</summary>
    public void Dispose()
    {
        _isOver = true;
        _wanted.Set();
        _thread.Join();
        _wanted.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wanted.Wait();
            if (_isOver)
                return;
            _wanted.Reset();
            try
            {
                _producer.Flush(_slice);
            }
            catch (KafkaException)
            {
                // Whatever is wrong with the producer comes as the report of a message too, and is handled there.
            }
        }
    }
}
