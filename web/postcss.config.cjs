/** Mantine's CSS helpers: light-dark(), rem(), @mixin hover … */
module.exports = { plugins: { 'postcss-preset-mantine': {} } };
