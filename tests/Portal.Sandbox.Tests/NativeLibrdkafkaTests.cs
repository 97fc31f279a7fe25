using Confluent.Kafka;
using Portal.Messaging.Kafka;

namespace Portal.Sandbox.Tests;

public sealed class NativeLibrdkafkaTests
{
    [Fact]
    public void Runs_on_the_bundled_library_however_many_threads_ask()
    {
        Parallel.For(0, 16, _ => NativeLibrdkafka.EnsureLoaded());

        Assert.Equal(NativeLibrdkafka.ExpectedVersion, Library.VersionString);
        if (OperatingSystem.IsLinux())
        {
            var mapped = File.ReadLines("/proc/self/maps").Where(line => line.Contains("librdkafka")).Select(line => line.Split('/')[^1]).Distinct();
            Assert.Equal(["centos8-librdkafka.so"], mapped);
        }
    }
}
