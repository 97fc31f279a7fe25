using CsCheck;
using Portal.Model.Endpoints;

namespace Portal.Model.Tests.Endpoints;

public sealed class HostAddressTests
{
    [Theory]
    [InlineData("broker.example:8883", "broker.example", 8883, "", false)]
    [InlineData("10.0.0.5:1", "10.0.0.5", 1, "", true)]
    [InlineData("[fd00::1]:65535", "fd00::1", 65535, "", true)]
    [InlineData("broker.example:443/mqtt?a=b", "broker.example", 443, "/mqtt?a=b", false)]
    public void AnAddressIsReadAndWrittenBack(string text, string host, int port, string path, bool isAddress)
    {
        Assert.True(HostAddress.TryParse(text, out var address));
        Assert.Equal((host, port, path, isAddress, text), (address.Host, address.Port, address.Path, address.IsAddress, address.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("broker.example")]
    [InlineData("broker.example:0")]
    [InlineData("broker.example:+8883")]
    [InlineData("broker.example:８８８３")]
    [InlineData("[fd00::1]")]
    [InlineData("[10.0.0.5]:8883")]
    [InlineData("[broker]:8883")]
    [InlineData("fd00::1:8883")]
    [InlineData("mqtt://broker.example:8883")]
    [InlineData("broker.example:8883\n")]
    [InlineData("256.0.0.1:8883")]
    [InlineData("1.2.3:8883")]
    [InlineData(".:8883")]
    public void WhatIsNoAddressIsNotRead(string? text) => Assert.False(HostAddress.TryParse(text, out _));

    [Fact]
    public void NoTextThrows() => Gen.String.Sample(text => HostAddress.TryParse(text, out _) ? HostAddress.TryParse(text, out var address) && address.Port > 0 : true);
}
