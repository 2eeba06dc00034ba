using Assay.Classify;
using Assay.Trainer.Drawing;
using Assay.Trainer.Pictures;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>Batches of training pictures, each changed in ways that leave its label right: mirrored, brighter, darker, tinted, without colour, noisy.</summary>
internal sealed class Augmentation(PixelSet set, InputSpecification input, Chance chance)
{
    /// <summary>[pictures, 3, height, width], normalised as in service.</summary>
    public Tensor Batch(ReadOnlySpan<int> pictures)
    {
        var length = ImageTensor.Length(input);
        var values = new float[pictures.Length * length];
        var changed = new byte[length];
        for (var i = 0; i < pictures.Length; i++)
        {
            Change(set.AnyView(pictures[i], chance), changed);
            ImageTensor.Fill(changed, input, values.AsSpan(i * length, length));
        }
        return tensor(values, [pictures.Length, 3, input.Height, input.Width]);
    }

    /// <summary>Unchanged pictures, as in service.</summary>
    public static Tensor Plain(PixelSet set, InputSpecification input, ReadOnlySpan<int> pictures)
    {
        var length = ImageTensor.Length(input);
        var values = new float[pictures.Length * length];
        for (var i = 0; i < pictures.Length; i++)
            ImageTensor.Fill(set.Whole(pictures[i]), input, values.AsSpan(i * length, length));
        return tensor(values, [pictures.Length, 3, input.Height, input.Width]);
    }

    private void Change(byte[] pixels, byte[] changed)
    {
        var mirrored = chance.Odds(0.5);
        var grey = chance.Odds(0.12);
        var contrast = chance.Odds(0.7) ? chance.Range(0.75, 1.25) : 1;
        var table = new byte[3][];
        for (var channel = 0; channel < 3; channel++)
        {
            var gain = contrast * (chance.Odds(0.4) ? chance.Range(0.9, 1.1) : 1);
            var shift = contrast == 1 ? 0 : chance.Range(-18, 18);
            table[channel] = [.. Enumerable.Range(0, 256).Select(value => (byte)Math.Clamp(128 + (value - 128) * gain + shift, 0, 255))];
        }
        var noise = chance.Odds(0.2) ? chance.Range(2, 10) : 0;
        for (var y = 0; y < input.Height; y++)
        {
            for (var x = 0; x < input.Width; x++)
            {
                var from = 3 * (y * input.Width + (mirrored ? input.Width - 1 - x : x));
                var to = 3 * (y * input.Width + x);
                var luminance = (pixels[from] * 77 + pixels[from + 1] * 151 + pixels[from + 2] * 28) >> 8;
                var grain = noise == 0 ? 0 : noise * (chance.Range(0, 2) - 1);
                for (var channel = 0; channel < 3; channel++)
                {
                    var value = table[channel][grey ? luminance : pixels[from + channel]];
                    changed[to + channel] = noise == 0 ? value : (byte)Math.Clamp(value + grain, 0, 255);
                }
            }
        }
    }
}
