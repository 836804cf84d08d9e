package org.trawl.core.training;

/**
 * What an epoch's steps say of one layer. Magnitudes of the loss's gradient are before clipping and
 * with the penalty's part; activations are those before noise and dropout. Gradients and
 * activations are looked at in the epoch's first step and then at equal distances, in at most
 * {@value Diagnostics#MOST_STEPS} steps an epoch.
 *
 * @param layer from 1, the output layer last
 * @param gradientMean mean magnitude of the gradient by a weight; NaN without weights
 * @param gradientMax largest magnitude of the gradient by a weight; NaN without weights
 * @param biasGradientMean mean magnitude of the gradient by a bias; NaN without biases
 * @param biasGradientMax largest magnitude of the gradient by a bias; NaN without biases
 * @param inactiveFraction share of the layer's neurons for which the mean over the epoch's samples
 *     of |d loss of the sample / d z| is below {@value Diagnostics#INACTIVE}, z what the activation
 *     is applied to
 * @param weightNorm root of the sum of the squared weights after the epoch
 * @param activationMean mean of the activations
 * @param activationDeviation standard deviation of the activations about that mean
 */
public record LayerResult(
    int layer,
    double gradientMean,
    double gradientMax,
    double biasGradientMean,
    double biasGradientMax,
    double inactiveFraction,
    double weightNorm,
    double activationMean,
    double activationDeviation) {}
